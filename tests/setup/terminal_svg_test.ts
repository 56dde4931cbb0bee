/** The pictures of terminals in the documents. */
import assert from "node:assert/strict";
import { terminalSvg } from "../pictures/terminal_svg.ts";

/** The elements of the lines, without the window around them. */
function drawn(screen: string): string[] {
  const lines = terminalSvg(screen, "ior top").split("\n");
  return lines.slice(lines.findIndex((line) => line.includes('class="b">ior top<')) + 1, -2);
}

Deno.test("A picture of a terminal has each piece at its column, as wide as its columns", () => {
  assert.deepEqual(drawn("read   <1>\n▁█\n\n"), [
    '<text x="14" y="43" textLength="29.2">read</text>',
    '<text x="65.1" y="43" textLength="21.9">&lt;1&gt;</text>',
    '<text x="14" y="60" textLength="14.6">▁█</text>',
  ]);
});

Deno.test("A picture of a terminal has its looks, over the ends of lines and until they are taken back", () => {
  assert.deepEqual(
    drawn("\x1b[1;31mbad\nworse\x1b[0m plain\n\x1b[7m a  b\x1b[27m\x1b[2mq\x1b[22m\x1b[92mg\x1b[39m."),
    [
      '<text x="14" y="43" textLength="21.9" class="b c1">bad</text>',
      '<text x="14" y="60" textLength="36.5" class="b c1">worse</text>',
      '<text x="50.5" y="60" textLength="43.8"> plain</text>',
      '<rect x="14" y="64" width="36.5" height="17" fill="#d4d7de"/><text x="14" y="77" textLength="36.5" class="r"> a  b</text>',
      '<text x="50.5" y="77" textLength="7.3" class="d">q</text>',
      '<text x="57.8" y="77" textLength="7.3" class="c2">g</text>',
      '<text x="65.1" y="77" textLength="7.3">.</text>',
    ],
  );
});

Deno.test("A picture of a terminal refuses a code that it does not draw", () => {
  assert.throws(() => terminalSvg("\x1b[5mblinks", "ior"), /The code 5 of a terminal is not drawn/);
});
