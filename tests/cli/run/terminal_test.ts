import assert from "node:assert/strict";
import { hasColor, hasUnicode, terminalWidth } from "../../../cli/run/terminal.ts";

Deno.test("colour is used when it is asked for, or on a terminal whose user did not decline", () => {
  const cases: [Parameters<typeof hasColor>, boolean][] = [
    [["always", false, { NO_COLOR: "1", TERM: "dumb" }], true],
    [["never", true, {}], false],
    [["auto", true, {}], true],
    [["auto", true, { TERM: "xterm-256color" }], true],
    [["auto", false, {}], false],
    [["auto", true, { NO_COLOR: "1" }], false],
    [["auto", true, { NO_COLOR: "0" }], false],
    [["auto", true, { NO_COLOR: "" }], true], // no-color.org: when present and not empty
    [["auto", true, { TERM: "dumb" }], false],
  ];
  for (const [given, color] of cases) assert.equal(hasColor(...given), color, Deno.inspect(given));
});

Deno.test("the locale's encoding tells whether more than ASCII can be shown", () => {
  const cases: [Record<string, string>, boolean][] = [
    [{ LANG: "en_GB.UTF-8" }, true],
    [{ LANG: "C.utf8" }, true],
    [{ LANG: "C" }, false],
    [{}, false],
    [{ LANG: "de_DE.ISO-8859-1" }, false],
    [{ LANG: "C", LC_CTYPE: "C.UTF-8" }, true],
    [{ LANG: "en_GB.UTF-8", LC_ALL: "C" }, false],
    [{ LANG: "C", LC_CTYPE: "C", LC_ALL: "C.UTF-8" }, true],
    [{ LANG: "C.UTF-8", LC_ALL: "", LC_CTYPE: "" }, true], // an empty one counts as not set
  ];
  for (const [environment, unicode] of cases) {
    assert.equal(hasUnicode(environment), unicode, Deno.inspect(environment));
  }
});

Deno.test("the width is the terminal's, and 80 where it does not say", () => {
  const own = Deno.consoleSize;
  try {
    Deno.consoleSize = () => ({ columns: 132, rows: 40 });
    assert.equal(terminalWidth(), 132);
    Deno.consoleSize = () => ({ columns: 0, rows: 0 });
    assert.equal(terminalWidth(), 80);
    Deno.consoleSize = () => {
      throw new Error("The handle is no terminal");
    };
    assert.equal(terminalWidth(), 80);
  } finally {
    Deno.consoleSize = own;
  }
});
