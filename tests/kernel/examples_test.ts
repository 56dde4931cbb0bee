/** Runs every example of every help page and of the documents, and looks whether it does what it says. */
import assert from "node:assert/strict";
import { allCommands } from "../../cli/commands/commands.ts";
import { blocksOf, readDocuments } from "../documents.ts";
import {
  BUSY,
  ELSEWHERE,
  ENDLESS,
  IN_TERMINAL,
  IN_TERMINAL_SHOWN,
  PROGRAMS,
  SHOWN,
  SUBSTITUTES,
} from "../kernel_lib/examples.ts";
import { iorWords } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { Terminal } from "../kernel_lib/tmux.ts";

/** Statuses that an example may end with: what it asserts may not hold here. */
const JUDGES = /--assert|--fail-on/;

/** Lines between backquotes that are told, not run: with a placeholder, or only the name of a command. */
const TOLD = /\b(FILE|DIR|NAME|BEFORE|CMD)\b|^ior \w+ (-h|--\w+)$/;

/** Command lines of README.md and docs/: those in blocks of shell, and those of ior between backquotes. */
function linesOfDocuments(): string[] {
  const ofIor = (line: string) => line.replace(/^sudo /, "").replace(/^\.\/ior/, "ior");
  return readDocuments().flatMap((document) => {
    const lines = blocksOf(document, "sh").flatMap((block) => block.trimEnd().split("\n")).map(ofIor);
    const shown = Array.from(document.text.matchAll(/^\$ (.*)$/gm), ([, line]) => ofIor(line));
    const quoted = Array.from(
      document.text.matchAll(/`((?:sudo )?(?:\.\/)?ior [^`]*)`/g),
      // In a table a bar is written with a backslash.
      ([, line]) => ofIor(line.replaceAll("\n", " ").replaceAll("\\|", "|")),
    );
    const run = quoted.filter((line) => /^ior \w+ /.test(line) && !TOLD.test(line));
    return [...lines.filter((line) => !ELSEWHERE.includes(line)), ...shown, ...run];
  });
}

/** A directory with everything that the examples name. */
function prepare(): { cwd: string; shell(line: string): Deno.CommandOutput; path: string } {
  const cwd = scratchDirectory("examples");
  const bin = `${cwd}/bin`;
  Deno.mkdirSync(bin);
  const words = iorWords([]).map((word) => `'${word}'`).join(" ");
  const scripts = { ...PROGRAMS, ior: `exec ${words} "$@"` };
  for (const [name, text] of Object.entries(scripts)) {
    Deno.writeTextFileSync(`${bin}/${name}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  const path = `${bin}:${Deno.env.get("PATH")}`;
  const env = { PATH: path, LC_ALL: "C.UTF-8" }; // documents show what a terminal does
  const shell = (line: string) =>
    new Deno.Command("sh", { args: ["-c", line], cwd, env, stdin: "null" }).outputSync();
  for (const name of ["before", "after", "run", "a", "b"]) {
    assertRan(shell(`ior record -q ${name}.parquet -- sh -c 'make; cat /no'; :`));
  }
  for (const name of ["before", "after", "a", "b"]) {
    assertRan(shell(`ior trace --json -o ${name}.json -- make`));
  }
  for (const name of ["a", "b", "make"]) assertRan(shell(`ior flame -o ${name}.html -- make`));
  assertRan(shell("ior record -q rec/ -- make"));
  Deno.writeTextFileSync(`${cwd}/token`, crypto.randomUUID(), { mode: 0o600 });
  return { cwd, shell, path };
}

function assertRan({ code, stderr }: Deno.CommandOutput): void {
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

/** A line as it is run: what it names is here, and it ends. */
function runnable(line: string, busyPid: number): string {
  const run = SUBSTITUTES.reduce((text, [from, to]) => text.replace(from, to), line);
  const ends = ENDLESS.test(run) ? run.replace(/^ior \w+( rec\/)?/, "$& -d 1s") : run;
  return ends.replace(/\bPID\b/, String(busyPid));
}

Deno.test("Every example of the help and of the documents does what it says", async (t) => {
  const ofHelp = (await allCommands()).flatMap(({ examples }) => examples.map(([line]) => line));
  const lines = new Set([...ofHelp, ...linesOfDocuments()]);
  assert.deepEqual(
    Object.keys(SHOWN).filter((line) => !lines.has(line)),
    [],
    "No document has these any more",
  );
  const { cwd, shell, path } = prepare();
  const busy = new Deno.Command("sh", { args: ["-c", BUSY], cwd, env: { PATH: path } }).spawn();
  try {
    for (const line of lines) {
      await t.step(line, async () => {
        const run = runnable(line, busy.pid);
        if (IN_TERMINAL.test(line)) {
          using terminal = new Terminal({ columns: 100, rows: 30, cwd, env: { PATH: path } });
          terminal.run(`${run}; echo "ended: $?"`);
          await terminal.shows(IN_TERMINAL_SHOWN);
          terminal.keys("q");
          await terminal.shows(/^ended: 0$/m);
          return;
        }
        const shown = SHOWN[line];
        assert.ok(shown, "It is not said what shows that it works");
        const { code, stdout, stderr } = shell(run);
        const output = new TextDecoder().decode(stdout);
        const message = `${run}\n${output.slice(0, 2000)}${new TextDecoder().decode(stderr)}`;
        assert.ok(code === 0 || (code === 3 && JUDGES.test(line)), message);
        if (typeof shown === "string") assert.ok(Deno.statSync(`${cwd}/${shown}`), message);
        else assert.match(output, shown, message);
      });
    }
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
  }
});
