/** The completion scripts in the shells themselves, in a terminal. */
import assert from "node:assert/strict";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { run } from "../kernel_lib/system.ts";
import { Terminal } from "../kernel_lib/tmux.ts";
import { waitFor } from "../wait.ts";

/** Longest wait for a shell. */
const DEADLINE_MS = 15_000;

/** A directory with the script of a shell in a file, and something to complete. */
async function scriptFolder(shell: string): Promise<string> {
  const folder = scratchDirectory(shell);
  const { code, stdout } = await runIor(["completions", shell]);
  assert.equal(code, 0);
  Deno.writeTextFileSync(`${folder}/_ior`, stdout);
  Deno.writeTextFileSync(`${folder}/unusual.parquet`, "");
  Deno.writeTextFileSync(`${folder}/unusual.txt`, "");
  return folder;
}

/** How each shell is started, without the user's settings, and reads the script. */
const STARTS: Readonly<Record<string, string[]>> = {
  bash: ["PS1='> ' bash --norc", "source ./_ior"],
  zsh: ["zsh -f", "PROMPT='> '; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D"],
  fish: ["fish --no-config", "function fish_prompt; echo '> '; end; source ./_ior"],
};

/** What is typed before Tab, and what the line is after it. */
const LINES: readonly (readonly [typed: string, completed: string])[] = [
  ["ior comp", "ior completions"],
  ["ior trace --fam", "ior trace --family"],
  ["ior trace --family Netw", "ior trace --family Network"],
  ["ior trace --family=FS,Netw", "ior trace --family=FS,Network"],
  ["ior stream --kind read,renam", "ior stream --kind read,rename"],
  ["ior trace -e openat,copy_file", "ior trace -e openat,copy_file_range"],
  ["ior probes -e %proc", "ior probes -e %process"],
  ["ior flame --format spee", "ior flame --format speedscope"],
  ["ior trace --by process,sysc", "ior trace --by process,syscall"],
  ["ior top --view laten", "ior top --view latency"],
  ["ior trace -u nobod", "ior trace -u nobody"],
  ["ior schema expl", "ior schema explain"],
  ["ior report unus", "ior report unusual.parquet"],
  ["ior flame --from unus", "ior flame --from unusual.parquet"],
  ["ior help doc", "ior help doctor"],
  ["ior help overh", "ior help overhead"],
  ["ior trace basenam", "ior trace basename"],
  ["ior trace -p 1 -- ls /etc/apt/sourc", "ior trace -p 1 -- ls /etc/apt/sources.list"],
  ["ior record x.parquet basenam", "ior record x.parquet basename"],
];

for (const [shell, starts] of Object.entries(STARTS)) {
  Deno.test(`Commands, options, values, recordings and programs are completed in ${shell}`, async () => {
    const cwd = await scriptFolder(shell);
    using terminal = new Terminal({ columns: 120, rows: 30, cwd });
    for (const line of starts) {
      terminal.run(line);
      terminal.run(`echo ready-${line.length}`);
      await terminal.shows(new RegExp(`^ready-${line.length}$`, "m"));
    }
    for (const [typed, completed] of LINES) {
      terminal.type(typed);
      await terminal.shows(new RegExp(`^.*${escaped(typed)}`, "m"));
      terminal.keys("Tab");
      await terminal.shows(new RegExp(`^.*${escaped(completed)}`, "m"));
      // Keys of the editor come after the completion, where an interrupt may end that and nothing else.
      terminal.keys("C-u", "C-l");
      await terminal.shows(/^>\n*$/);
    }
  });
}

function escaped(text: string): string {
  return text.replace(/[^\w ]/g, "\\$&");
}

Deno.test("Running processes are offered by number and by name, and names are quoted for the shell", async () => {
  const folder = await scriptFolder("bash");
  const name = "zz$(id)q";
  Deno.copyFileSync("/bin/sleep", `${folder}/${name}`);
  const child = new Deno.Command(`${folder}/${name}`, { args: ["60"] }).spawn();
  const offered = (words: string) =>
    run(
      "bash",
      "--norc",
      "-c",
      `source ${folder}/_ior; COMP_WORDS=(${words}); COMP_CWORD=3; _ior; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ).trim().split("\n");
  await waitFor(() => Deno.readTextFileSync(`/proc/${child.pid}/comm`).trim() === name, {
    what: "the name",
    timeoutMs: DEADLINE_MS,
  });
  assert.deepEqual(offered("ior trace --comm zz"), [String.raw`zz\$\(id\)q`]);
  assert.ok(offered(`ior trace -p ${child.pid}`).includes(String(child.pid)));
  assert.ok(offered(`ior trace -p 1,${child.pid}`).includes(`1,${child.pid}`));
  child.kill("SIGKILL");
  await child.status;
});

Deno.test("A recording whose name begins as an option does is offered in fish like others", async () => {
  const cwd = await scriptFolder("fish");
  Deno.renameSync(`${cwd}/unusual.parquet`, `${cwd}/-v.parquet`);
  const { stdout, stderr } = new Deno.Command("fish", {
    args: ["--no-config", "-c", "source ./_ior; complete -C 'ior report '"],
    cwd,
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.deepEqual([text(stdout), text(stderr)], ["-v.parquet\n", ""]);
});
