import assert from "node:assert/strict";
import { completionScript } from "../../../../cli/commands/completions/script.ts";
import { SHELLS } from "../../../../cli/commands/completions/task.ts";
import { IorError } from "../../../../runtime/errors.ts";
import { COMMANDS, MACHINE, parse } from "../machine.ts";

Deno.test("Every command and every option is in the script of every shell", () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell, COMMANDS);
    for (const { name, options } of COMMANDS) {
      assert.match(script, new RegExp(`\\b${name}\\b`), `${shell} ${name}`);
      for (const { long } of options) {
        const word = shell === "fish" ? ` -l ${long.slice(2)} ` : long;
        assert.ok(script.includes(word), `${shell} ${name} ${long}`);
      }
    }
  }
});

Deno.test("Every word that is offered for a value is one that the option takes", () => {
  for (const { name, options } of COMMANDS) {
    for (const option of options) {
      const offer = option.offers ?? null;
      if (offer === null || typeof offer === "string") continue;
      assert.ok(offer.length > 1, `${name} ${option.long}`);
      for (const word of offer) {
        try {
          option.read(word, MACHINE, option.initial);
        } catch (error) {
          // A call that only the other architecture has is offered as well.
          assert.ok(
            error instanceof IorError && /x86_64/.test(error.message),
            `${option.long} ${word}: ${error}`,
          );
        }
      }
    }
  }
});

Deno.test("Options that take a file, a process or a user offer those", () => {
  const trace = COMMANDS.find(({ name }) => name === "trace")!;
  const offered = (long: string) => trace.options.find((option) => option.long === long)!.offers ?? null;
  assert.deepEqual(["--output", "--pid", "--uid", "--comm", "--slower", "--failed"].map(offered), [
    "files",
    "processes",
    "users",
    "process names",
    null,
    null,
  ]);
});

Deno.test("The script is made by the name of the shell", () => {
  assert.deepEqual(parse("completions", "fish"), { kind: "completions", shell: "fish" });
  assert.throws(() => parse("completions", "tcsh"), /it must be bash, zsh or fish/);
});
