import assert from "node:assert/strict";
import { parse, parseTrace } from "../commands/machine.ts";

Deno.test("The kernel adds calls up by itself where nothing needs single calls, and a command line tells what does", () => {
  for (
    const [words, need] of [
      [[], null],
      [["-x", "--slower", "5ms", "--comm", "make"], null],
      [["--rows"], "option"],
      [["--no-rows"], "rates"],
      [["--sample", "read=5"], "rates"],
      [["--auto-sample"], "rates"],
      [["--record", "run.parquet"], "recording"],
      [["--rows", "--record", "run.parquet"], "option"],
      [["-P", "/var/log"], "condition"],
      [["--where", "bytes > 10"], "condition"],
    ] as const
  ) {
    assert.equal(parseTrace(...words).needsRows, need, words.join(" "));
  }
});

Deno.test("Whoever looks around in the live view may come to single calls; in a pipe only the stream shows them", () => {
  for (
    const [words, need] of [
      [[], "view"],
      [["--view", "files"], "view"],
      [["--batch", "--view", "stream"], "view"],
      [["--batch"], null],
      [["--json", "--view", "stream"], null],
      [["--batch", "--rows"], "option"],
    ] as const
  ) {
    assert.equal(parse("top", ...words).needsRows, need, words.join(" "));
  }
});
