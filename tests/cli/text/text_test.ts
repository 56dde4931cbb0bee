import assert from "node:assert/strict";
import { escapeText } from "../../../cli/text/escape.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../../../cli/text/format.ts";
import { shortenEnd, shortenPath, shortenStart } from "../../../cli/text/shorten.ts";
import { createPaint } from "../../../cli/text/style.ts";
import { type Column, renderTable } from "../../../cli/text/table.ts";
import { padText, textWidth } from "../../../cli/text/width.ts";
import { random, testSeed } from "../../engine/batches.ts";

Deno.test("Durations have three digits and the unit that fits", () => {
  const cases: [number | bigint, string][] = [
    [0, "0ns"],
    [7, "7ns"],
    [999, "999ns"],
    [1_000, "1.00µs"],
    [9_994, "9.99µs"],
    [9_996, "10.0µs"],
    [99_960, "100µs"],
    [999_499, "999µs"],
    [999_500, "1.00ms"],
    [1_234_567, "1.23ms"],
    [999_600_000, "1.00s"],
    [59_940_000_000, "59.9s"],
    [59_950_000_000, "1m00s"],
    [125_400_000_000, "2m05s"],
    [3_599_600_000_000, "1h00m"],
    [12_345_000_000_000, "3h25m"],
    [86_400_000_000_000, "1d00h"],
    [9_007_199_254_740_993n, "104d05h"],
    [-1_500, "-1.50µs"],
  ];
  for (const [ns, text] of cases) assert.equal(formatDuration(ns), text, `${ns}`);
  assert.equal(formatDuration(1_500, { ascii: true }), "1.50us");
});

Deno.test("Sizes count in 1024s, and never show four digits of a unit above bytes", () => {
  const cases: [number | bigint, string][] = [
    [0, "0B"],
    [1_023, "1023B"],
    [1_024, "1.00KiB"],
    [1_536, "1.50KiB"],
    [1_023 * 1_024, "1.00MiB"],
    [87_654_321, "83.6MiB"],
    [2n ** 62n, "4.00EiB"],
  ];
  for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text, `${bytes}`);
});

Deno.test("Counts have their separators where `Intl` puts them", () => {
  const next = random(testSeed());
  const judge = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  for (let i = 0; i < 3_000; i++) {
    const value = (next() - 0.2) * 10 ** Math.floor(next() * 16);
    const whole = BigInt(Math.round(value));
    assert.equal(formatCount(value), judge.format(whole), `${value}`);
    assert.equal(formatCount(whole), judge.format(whole));
  }
});

Deno.test("Counts are exact, and shares say when they are only nearly nothing or everything", () => {
  assert.equal(formatCount(1_234_567), "1,234,567");
  assert.equal(formatCount(2n ** 64n), "18,446,744,073,709,551,616");
  const shares = [[1, 4], [0, 5], [1, 100_000], [5, 5], [99_999, 100_000], [0, 0]].map(([a, b]) =>
    formatShare(a, b)
  );
  assert.deepEqual(shares, ["25.0%", "0.0%", "<0.1%", "100%", ">99.9%", "-"]);
});

Deno.test("What a terminal acts on or hides is escaped, everything else is left", () => {
  const cases: [string, string][] = [
    ["/usr/lib/libc.so.6", "/usr/lib/libc.so.6"],
    ["Übersicht 表 😀", "Übersicht 表 😀"],
    ["a\nb\rc\td", "a\\nb\\rc\\td"],
    ["\x1b[31m\x07\x7f\x9b", "\\x1b[31m\\x07\\x7f\\x9b"],
    ["a\u202eb\u2066c\u200bd\ufeff", "a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}"],
    ["a\u00a0b\u3000c\u2028d\u2800", "a\\xa0b\\u{3000}c\\u{2028}d\\u{2800}"],
    ["\u0301a", "\\u{301}a"],
    ["a\u0301", "a\u0301"],
    ["\u{e0041}\u{f0000}\ud800", "\\u{e0041}\\u{f0000}\\u{d800}"],
    ["back\\slash", "back\\\\slash"],
    ["\u0301e", "\\u{301}e"],
    ["\u1161", "\\u{1161}"],
    ["\u1112\u1161", "\u1112\u1161"],
  ];
  for (const [text, escaped] of cases) assert.equal(escapeText(text), escaped);
  assert.equal(escapeText("é表😀", { ascii: true }), "\\xe9\\u{8868}\\u{1f600}");
});

Deno.test("Different texts stay different when they are escaped", () => {
  assert.notEqual(escapeText("\\n"), escapeText("\n"));
  assert.notEqual(escapeText("\\x1b"), escapeText("\x1b"));
});

Deno.test("Wide characters take two columns and combining ones none", () => {
  const widths: [string, number][] = [
    ["abc", 3],
    ["表x", 3],
    ["한글", 4],
    ["e\u0301", 1],
    ["한글".normalize("NFD"), 4],
    ["😀", 2],
    [
      "Ü",
      1,
    ],
    ["…", 1],
  ];
  for (const [text, width] of widths) assert.equal(textWidth(text), width, text);
  assert.equal(padText("表", 4, "left"), "表  ");
  assert.equal(padText("表", 4, "right"), "  表");
  assert.equal(padText("too wide", 3, "left"), "too wide");
});

Deno.test("A path is cut in the middle, and keeps its name and the folders nearest to it", () => {
  const path = "/usr/lib/python3/dist-packages/yaml/loader.py";
  assert.equal(shortenPath(path, 45), path);
  assert.equal(shortenPath(path, 44), "/usr/lib/pytho…/dist-packages/yaml/loader.py");
  assert.equal(shortenPath(path, 30), "/usr/lib/pytho…/yaml/loader.py");
  assert.equal(shortenPath("/a_rather_long_name_of_a_file.txt", 20), "/a_rat…of_a_file.txt");
  assert.equal(shortenPath(path, 30, true), "/usr/lib/pyt.../yaml/loader.py");
  assert.equal(shortenEnd("a long word", 6), "a lon…");
  assert.equal(shortenStart("a long word", 6), "… word");
  assert.equal(shortenStart("a long word", 6, true), "...ord");
  assert.equal(shortenStart("word", 4), "word");
});

Deno.test("A shortened path is never wider than it may be", () => {
  const next = random(testSeed());
  const parts = ["usr", "表格", "e\u0301te\u0301", "x", "a-long-folder-name", "😀", "deep"];
  for (let i = 0; i < 3_000; i++) {
    const path = Array.from(
      { length: 1 + Math.floor(next() * 9) },
      () => `/${parts[Math.floor(next() * parts.length)]}`,
    );
    const text = path.join("");
    const width = 6 + Math.floor(next() * 60);
    for (const ascii of [false, true]) {
      const short = shortenPath(text, width, ascii);
      assert.ok(textWidth(short) <= width, `${text} at ${width}: ${short}`);
      if (textWidth(text) <= width) assert.equal(short, text);
      else assert.ok(textWidth(short) >= width - 2, `${text} at ${width} wastes room: ${short}`);
    }
  }
});

Deno.test("A table takes columns by rank, a rank whole or not at all, and shortens only then", () => {
  const column = (title: string, rank: number): Column<string> => ({
    title,
    rank,
    align: "right",
    cell: () => "12345",
  });
  const columns: Column<string>[] = [
    column("A", 0),
    column("B", 2),
    column("C", 2),
    column("D", 1),
    {
      title: "PATH",
      rank: 0,
      align: "left",
      cell: (row) => row,
      flexible: { min: 4, shorten: (text, width) => shortenEnd(text, width) },
    },
  ];
  const heading = (width: number) => renderTable(columns, ["abcdefgh"], width, createPaint(false));
  assert.deepEqual(heading(40), ["    A      B      C      D  PATH", "12345  12345  12345  12345  abcdefgh"]);
  assert.deepEqual(heading(34), ["    A      B      C      D  PATH", "12345  12345  12345  12345  abcde…"]);
  assert.deepEqual(heading(30), ["    A      D  PATH", "12345  12345  abcdefgh"]);
  assert.deepEqual(heading(12), ["    A  PATH", "12345  abcd…"]);
});

Deno.test("Colour changes no character of a table", () => {
  const columns: Column<number>[] = [
    { title: "N", rank: 0, align: "right", cell: String, tone: (row) => row > 5 ? "bad" : "quiet" },
    { title: "TEXT", rank: 0, align: "left", cell: (row) => "x".repeat(row) },
  ];
  const plain = renderTable(columns, [1, 10], 80, createPaint(false));
  const colored = renderTable(columns, [1, 10], 80, createPaint(true));
  assert.notDeepEqual(colored, plain);
  // deno-lint-ignore no-control-regex
  assert.deepEqual(colored.map((line) => line.replace(/\x1b\[\d*m/g, "")), plain);
});
