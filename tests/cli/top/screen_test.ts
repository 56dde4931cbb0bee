import assert from "node:assert/strict";
import { renderFrame } from "../../../cli/top/frame.ts";
import { type Line, lineWidth, plainText, span } from "../../../cli/top/line.ts";
import { type Model, startModel, VIEW_IDS } from "../../../cli/top/model.ts";
import { Screen } from "../../../cli/top/screen.ts";
import { characterWidth } from "../../../cli/text/width.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { exampleModel, ScriptedTrace, told } from "./scripted.ts";

const CELL = 1;

/** A terminal that understands what a screen writes, and nothing else. */
class Terminal {
  readonly cells: string[][];
  cursor: string | null = null;

  constructor(readonly columns: number, readonly rows: number) {
    this.cells = Array.from({ length: rows }, () => new Array<string>(columns).fill("?"));
  }

  write(text: string): void {
    // deno-lint-ignore no-control-regex
    const parts = /\x1b\[(\??)([\d;]*)([a-zA-Z])|([^\x1b])/gu;
    let [row, column, last] = [0, 0, 0];
    let length = 0;
    for (const [all, mark, numbers, final, character] of text.matchAll(parts)) {
      length += all.length;
      if (character !== undefined) {
        const width = characterWidth(character);
        if (width === 0) {
          this.cells[row][last] += character;
          continue;
        }
        assert.ok(column + width <= this.columns, "writes beyond the right edge");
        this.cells[row][last = column] = character;
        if (width === 2) this.cells[row][column + 1] = "";
        column += width;
      } else if (mark === "" && final === "H") {
        [row, column] = numbers === "" ? [0, 0] : numbers.split(";").map((number) => Number(number) - 1);
        assert.ok(row < this.rows && column < this.columns);
      } else if (mark === "" && final === "J") {
        for (const cells of this.cells) cells.fill(" ");
      } else if (mark === "?" && numbers === "25") {
        this.cursor = final === "h" ? `${column},${row}` : null;
      } else assert.ok(final === "m" || (mark === "?" && numbers === "2026"), all);
    }
    assert.equal(length, text.length, "an unknown sequence");
  }

  get lines(): string[] {
    return this.cells.map((cells) => cells.join("").trimEnd());
  }
}

function randomLine(next: () => number, columns: number): Line {
  const words = ["read", "  ", "表", "µs", "e\u0301", "▏█", "/tmp", "12,345"];
  const line = [];
  while (next() < 0.9) {
    const piece = span(words[Math.floor(next() * words.length)], next() < 0.3 ? "bad" : "plain");
    if (lineWidth([...line, piece]) > columns) break;
    line.push(piece);
  }
  return line;
}

Deno.test("What is written makes the terminal show each frame, whatever was shown before", () => {
  const next = random(testSeed());
  for (const [columns, rows] of [[20, 4], [37, 7], [3, 1]]) {
    const [terminal, screen] = [new Terminal(columns, rows), new Screen(true)];
    let lines = Array.from({ length: rows }, () => randomLine(next, columns));
    for (let i = 0; i < 300; i++) {
      lines = lines.map((line) => next() < 0.5 ? line : randomLine(next, columns));
      const cursor = next() < 0.5 ? null : { column: Math.floor(next() * columns), row: rows - CELL };
      terminal.write(screen.update({ lines, cursor, columns, rows }));
      assert.deepEqual(terminal.lines, lines.map(plainText));
      assert.equal(terminal.cursor, cursor === null ? null : `${cursor.column},${cursor.row}`);
    }
  }
});

Deno.test("Nothing is written for a frame that is shown already, and little for a small change", () => {
  const screen = new Screen(false);
  const picture = (text: string) => ({
    lines: [[span("a long line that stays as it is".padEnd(60))], [span(text)]],
    cursor: null,
    columns: 80,
    rows: 2,
  });
  screen.update(picture("12,345 calls"));
  assert.equal(screen.update(picture("12,345 calls")), "");
  const change = screen.update(picture("12,346 calls"));
  // deno-lint-ignore no-control-regex
  assert.equal(change.replace(/\x1b\[\?[^a-z]*[a-z]/g, ""), "\x1b[2;6H6");
  screen.forget();
  assert.match(screen.update(picture("12,346 calls")), /a long line/);
});

Deno.test("Without colour no style is written", () => {
  const lines = [[span("bad", "bad"), span("tab", "tab")]];
  const picture = { lines, cursor: null, columns: 10, rows: 1 };
  // deno-lint-ignore no-control-regex
  const styles = (text: string) => text.match(/\x1b\[[\d;]*m/g)?.length ?? 0;
  assert.equal(styles(new Screen(false).update(picture)), 0);
  assert.ok(styles(new Screen(true).update(picture)) >= 2);
});

/** Bytes of frames that follow each other while a trace goes on, by view. */
function frameBytes(size: { columns: number; rows: number }): Record<string, number[]> {
  return Object.fromEntries(VIEW_IDS.map((view) => {
    const trace = new ScriptedTrace(5);
    let model: Model = { ...startModel({ ...size, ascii: false, view, fileStem: "ior-1" }) };
    const screen = new Screen(true);
    const bytes: number[] = [];
    for (let i = 0; i < 8; i++) {
      trace.pass(300 + 10 * i);
      model = told(model, trace.events());
      bytes.push(new TextEncoder().encode(screen.update({ ...renderFrame(model), ...size })).length);
    }
    return [view, bytes.slice(2)]; // after the first ones the view is there
  }));
}

Deno.test("Only what has changed is written: a frame is usually below 4 kB", () => {
  for (const size of [{ columns: 80, rows: 24 }, { columns: 120, rows: 30 }]) {
    for (const [view, bytes] of Object.entries(frameBytes(size))) {
      const middle = bytes.toSorted((a, b) => a - b)[bytes.length / 2];
      assert.ok(middle < 4096, `${view} at ${size.columns}x${size.rows}: ${bytes.join(" ")}`);
    }
  }
});

Deno.test("A frame like the one before is nothing to write", () => {
  const size = { columns: 80, rows: 24 };
  const screen = new Screen(true);
  const model = exampleModel(size);
  assert.notEqual(screen.update({ ...renderFrame(model), ...size }), "");
  assert.equal(screen.update({ ...renderFrame(model), ...size }), "");
});
