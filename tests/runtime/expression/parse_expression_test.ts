import assert from "node:assert/strict";
import { renderError } from "../../../cli/error_text.ts";
import { IorError } from "../../../runtime/errors.ts";
import { formatExpression, parseExpression } from "../../../runtime/expression/mod.ts";
import { assertGolden } from "../../golden.ts";

const parse = (text: string) => parseExpression({ option: "--where", text, example: "'latency > 5ms'" });

Deno.test("A condition is read into its parts, values in base units", () => {
  assert.deepEqual(parse("latency >= 1.5ms and not (path ~ '*.db','a \"b\"' or failed)"), {
    kind: "and",
    terms: [
      { kind: "number", field: "latency", operator: ">=", values: [1_500_000] },
      {
        kind: "not",
        term: {
          kind: "or",
          terms: [
            { kind: "text", field: "path", operator: "~", values: ["*.db", 'a "b"'] },
            { kind: "failed" },
          ],
        },
      },
    ],
  });
  assert.deepEqual(parse("bytes==64k"), { kind: "number", field: "bytes", operator: "=", values: [65_536] });
  assert.deepEqual(parse("ret = -1,0"), { kind: "number", field: "ret", operator: "=", values: [-1, 0] });
  // What rows have for a call at the position.
  const places = { kind: "number", field: "offset", operator: "!=", values: [-1, 65_536] };
  assert.deepEqual(parse("offset != -1,64k"), places);
});

Deno.test("Names have no case in syscall, family and errno, and are spelled as rows have them", () => {
  assert.equal(
    formatExpression(parse("SYSCALL = NEWFSTAT,7777 or Family != fs or errno = ewouldblock")),
    "syscall = fstat,7777 or family != FS or errno = EAGAIN",
  );
});

Deno.test("A text stands bare or in quotes, with backslash escapes", () => {
  const value = (text: string) => {
    const expression = parse(`comm = ${text}`);
    return expression.kind === "text" ? expression.values[0] : null;
  };
  assert.equal(value("and"), "and");
  assert.equal(value('"a \\"b\\" \\\\"'), 'a "b" \\');
  assert.equal(value("'it\\'s'"), "it's");
  assert.equal(value("'\\.db$'"), "\\.db$");
  assert.equal(value("\\.db$"), "\\.db$");
  assert.equal(value("/var/log"), "/var/log");
  assert.equal(value('""'), "");
});

Deno.test("Every error points at a column, says what was expected and names what is near", () => {
  const wrong = [
    "",
    "and",
    "failed and",
    "(failed",
    "failed)",
    "failed failed",
    "faild",
    "failed = true",
    "paht ~ /a",
    "xyzzy = 1",
    "'path' = /a",
    "path",
    "path > /a",
    "path ~",
    "path ~ ''",
    "path = /a,",
    "path = /a and or failed",
    'path = "/a',
    "path ; 5",
    "syscall = raed",
    "family = netwrk",
    "errno = ENOENTT",
    "syscall = xyzzy_plugh",
    "pid = sh",
    "pid ~ 1",
    "pid = -1",
    "pid = 1,x",
    "latency > 5",
    "latency > 5 ms",
    "latency > 0.5ns",
    "bytes < 1.5k",
    "offset = -2",
    "fd = 9007199254740993",
    "bytes > 9223372036854775807",
    "path =~ '(a'",
    "path =~ (a)",
    "path =~ '(?=a)'",
    "path =~ '(a)\\\\1'",
    "path =~ 'a{3,1}'",
    `path ~ ${"*a".repeat(4000)}`,
    `${"(".repeat(200)}failed`,
    `${"not ".repeat(200)}failed`,
  ];
  const lines = wrong.map((text) => {
    try {
      parse(text);
    } catch (error) {
      assert.ok(error instanceof IorError && error.code === "usage", text);
      return renderError(error, { color: false, verbose: false });
    }
    assert.fail(`Not refused: ${text}`);
  });
  assertGolden("errors/expression.txt", lines.join(""));
});
