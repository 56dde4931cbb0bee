/** Runs every example of every help page and of the README, and looks whether it does what it says. */
import assert from "node:assert/strict";
import { allCommands } from "../../cli/commands/commands.ts";
import { BUSY, ENDLESS, IN_TERMINAL, PROGRAMS, SHOWN, SUBSTITUTES } from "../kernel_lib/examples.ts";
import { iorWords } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Statuses that an example may end with: what it asserts may not hold here. */
const JUDGES = /--assert|--fail-on/;

/** Whole command lines of the README: those in blocks of shell, and those between backquotes. */
function linesOfReadme(): string[] {
  const text = Deno.readTextFileSync(new URL("../../README.md", import.meta.url));
  const blocks = Array.from(text.matchAll(/^```sh\n(.*?)^```$/gms), ([, block]) => block.split("\n")).flat();
  const shown = Array.from(text.matchAll(/^\$ (.*)$/gm), ([, line]) => line);
  const quoted = Array.from(
    text.matchAll(/`((?:sudo )?(?:\.\/)?ior [^`]*)`/g),
    // In a table a bar is written with a backslash.
    ([, line]) => line.replaceAll("\n", " ").replaceAll("\\|", "|"),
  );
  return [...blocks, ...shown, ...quoted].map((line) => line.replace(/^sudo /, "").replace(/^\.\/ior/, "ior"))
    // A line with a placeholder, or only the name of a command, is no example.
    .filter((line) =>
      /^ior \w+ /.test(line) && !/\b(FILE|DIR|NAME|BEFORE|CMD)\b/.test(line) &&
      !/^ior \w+ (-h|--\w+)$/.test(line)
    );
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
  const shell = (line: string) =>
    new Deno.Command("sh", { args: ["-c", line], cwd, env: { PATH: path }, stdin: "null" }).outputSync();
  for (const name of ["before", "after", "run", "a", "b"]) {
    assertRan(shell(`ior record -q ${name}.parquet -- sh -c 'make; cat /no'; :`));
  }
  for (const name of ["before", "after", "a", "b"]) {
    assertRan(shell(`ior trace --json -o ${name}.json -- make`));
  }
  for (const name of ["a", "b", "make"]) assertRan(shell(`ior flame -o ${name}.html -- make`));
  assertRan(shell("ior record -q rec/ -- make"));
  return { cwd, shell, path };
}

function assertRan({ code, stderr }: Deno.CommandOutput): void {
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

Deno.test("Every example of the help and of the README does what it says", async (t) => {
  const { cwd, shell, path } = prepare();
  const busy = new Deno.Command("sh", { args: ["-c", BUSY], cwd, env: { PATH: path } }).spawn();
  const ofHelp = (await allCommands()).flatMap(({ examples }) => examples.map(([line]) => line));
  try {
    for (const line of new Set([...ofHelp, ...linesOfReadme()].filter((line) => !IN_TERMINAL.test(line)))) {
      await t.step(line, () => {
        const shown = SHOWN[line];
        assert.ok(shown, "It is not said what shows that it works");
        let run = SUBSTITUTES.reduce((text, [from, to]) => text.replace(from, to), line);
        if (ENDLESS.test(run)) run = run.replace(/^ior \w+( rec\/)?/, "$& -d 1s");
        const { code, stdout, stderr } = shell(run.replace("PID", String(busy.pid)));
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
