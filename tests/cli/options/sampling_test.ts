import { parse, parseTrace } from "../commands/machine.ts";
import assert from "node:assert/strict";
import { readSampling, refuseUnsampled } from "../../../cli/options/sampling.ts";
import { emptyFilter, parseFilter } from "../../../runtime/filter/mod.ts";

Deno.test("rates are of calls, of families and of calls that an expression matches; later ones win", () => {
  const first = readSampling("read=100, fs=10", "x86_64", null);
  assert.deepEqual(first, { read: 100, FS: 10 });
  assert.deepEqual(readSampling("READ=1,/^pread/=0", "x86_64", first), {
    read: 1,
    FS: 10,
    pread64: 0,
    preadv: 0,
    preadv2: 0,
  });
});

Deno.test("a rate that is none is refused with what is wanted", () => {
  for (
    const text of [
      "read",
      "!read=5",
      "=5",
      "read=",
      "read=x",
      "read=-1",
      "read=1.5",
      "read=1000000001",
      "raed=5",
      "",
      "read=5,",
    ]
  ) {
    assert.throws(() => readSampling(text, "x86_64", null), {
      code: "usage",
      message: /^Cannot use --sample `/,
    }, text);
  }
});

Deno.test("a filter on what the calls of a sum do not have in common is refused by its name", () => {
  const filter = (text: string) => parseFilter(`where ${text}`).where;
  const refuse = (text: string) => refuseUnsampled({ ...emptyFilter(), where: filter(text) });
  for (
    const text of [
      "path ~ /a",
      "comm = b or path ~ c",
      "errno = ENOENT",
      "failed",
      "latency >= 5ms",
      "uid = 7 and gid = 7 and pid = 3",
    ]
  ) {
    refuse(text);
  }
  for (
    const [text, field] of [["bytes > 10", "bytes"], ["path ~ a or fd = 3", "fd"], [
      "latency < 5ms",
      "latency",
    ], ["gap > 1s", "gap"]]
  ) {
    assert.throws(() => refuse(text), { code: "usage", message: new RegExp(`filtered by ${field}:`) }, text);
  }
});

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

Deno.test("Of the live view only the stream shows single calls, in a terminal as in a pipe", () => {
  for (
    const [words, need] of [
      [[], null],
      [["--view", "files"], null],
      [["--view", "stream"], "view"],
      [["--batch", "--view", "stream"], "view"],
      [["--batch"], null],
      [["--json", "--view", "stream"], null],
      [["--batch", "--rows"], "option"],
    ] as const
  ) {
    assert.equal(parse("top", ...words).needsRows, need, words.join(" "));
  }
});
