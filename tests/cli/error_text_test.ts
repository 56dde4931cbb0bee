// deno-lint-ignore-file no-control-regex -- escapes of the terminal are what these tests are about
import assert from "node:assert/strict";
import { renderError } from "../../cli/error_text.ts";
import { ExitStatus, exitStatusOf } from "../../cli/exit_status.ts";
import { IorError, type IorErrorCode } from "../../runtime/errors.ts";
import { assertGolden } from "../golden.ts";

const PLAIN = { color: false, verbose: false };
const LOG = Array.from({ length: 9 }, (_, i) => `${i}: (85) call #${i}`).join("\n") + "\n";

Deno.test("An error is its message and its hint", () => {
  const error = new IorError("runtime", "Cannot open `x`: no such file", { hint: "Check the name" });
  assert.equal(renderError(error, PLAIN), "ior: Cannot open `x`: no such file\n  Check the name\n");
  assert.equal(renderError(new IorError("runtime", "Lost"), PLAIN), "ior: Lost\n");
});

Deno.test("A refusal by the kernel shows the end of its log, and all of it on request", () => {
  const error = new IorError("unsupported", "The kernel refused the program sys_enter", {
    hint: "Report it with the whole log",
    detail: LOG,
  });
  assertGolden("errors/verifier_log.txt", renderError(error, PLAIN));
  assertGolden("errors/verifier_log_verbose.txt", renderError(error, { color: false, verbose: true }));
  const short = new IorError("unsupported", "Refused", { detail: "one line" });
  assert.equal(renderError(short, PLAIN), "ior: Refused\n  one line\n");
});

Deno.test("A caret points at the mistake in the user's text, of which a line is shown", () => {
  const lines = (text: string, column: number) => {
    const error = new IorError("usage", "Wrong", { excerpt: { text, column }, hint: "Next" });
    return renderError(error, PLAIN).split("\n").slice(1, 3);
  };
  assert.deepEqual(lines("path = 5", 6), ["  path = 5", "       ^"]);
  assert.deepEqual(lines("path", 5), ["  path", "      ^"], "the end");
  assert.deepEqual(lines("日本 a\\.\x1b b", 9), ["  日本 a\\.\\x1b b", "               ^"]);
  const [text, caret] = lines(`${"a ".repeat(90)}X${" b".repeat(90)}`, 181);
  assert.equal(text, `  ...${"a ".repeat(20)}X${" b".repeat(14)} ...`);
  assert.equal(caret.length - 1, text.indexOf("X"));
});

Deno.test("The detail of other errors is shown only on request", () => {
  const error = new IorError("runtime", "Failed", { detail: "at line 1\nat line 2" });
  assert.equal(renderError(error, PLAIN), "ior: Failed\n");
  assert.equal(
    renderError(error, { color: false, verbose: true }),
    "ior: Failed\n  at line 1\n  at line 2\n",
  );
});

Deno.test("Anything thrown has a text, with where it happened on request", () => {
  assert.equal(renderError("odd", PLAIN), "ior: odd\n");
  assert.equal(renderError(new TypeError("x is undefined"), PLAIN), "ior: x is undefined\n");
  assert.match(renderError(new TypeError("x"), { color: false, verbose: true }), /error_text_test\.ts/);
});

Deno.test("What came from outside cannot act on the terminal or add lines", () => {
  const error = new IorError("unsupported", "No `\x1b[31m\u202e\n`", { hint: "a\rb", detail: "\x07bell\\n" });
  assert.equal(renderError(error, PLAIN), "ior: No `\\x1b[31m\\u{202e}\\n`\n  a\\rb\n  \\x07bell\\\\n\n");
  const expression = new IorError("usage", "Cannot use --syscall `/\\d/`: it matches no system call");
  assert.match(renderError(expression, PLAIN), /`\/\\d\/`/, "a backslash in a message stays one");
});

Deno.test("Colour changes nothing but colour", () => {
  const error = new IorError("unsupported", "Refused", { hint: "Next", detail: LOG });
  for (const verbose of [false, true]) {
    const colored = renderError(error, { color: true, verbose });
    assert.match(colored, /^\x1b\[1;31mior:\x1b\[0m Refused\n/);
    assert.equal(colored.replace(/\x1b\[[0-9;]*m/g, ""), renderError(error, { color: false, verbose }));
  }
});

Deno.test("Each kind of failure has its exit status, and another one while a command waits to be run", () => {
  const cases: [IorErrorCode, alone: number, pending: number][] = [
    ["usage", 2, 2],
    ["privilege", 1, 125],
    ["unsupported", 1, 125],
    ["runtime", 1, 125],
    ["command_not_found", 127, 127],
    ["command_not_executable", 126, 126],
  ];
  for (const [code, alone, pending] of cases) {
    assert.equal(exitStatusOf(code, false), alone, code);
    assert.equal(exitStatusOf(code, true), pending, code);
  }
  assert.equal(ExitStatus.OK, 0);
  assert.equal(ExitStatus.ASSERTION, 3);
  assert.equal(ExitStatus.LOSS, 4);
});
