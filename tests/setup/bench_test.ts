/** The parts of `deno task bench` that measure nothing. */
import assert from "node:assert/strict";
import { readBacklog } from "../bench/backlog.ts";
import { budgetRatio, userBudgetRatio } from "../bench/budgets.ts";
import { parseLoops } from "../bench/loops.ts";
import type { Measured } from "../bench/measure.ts";
import { chooseParts, PARTS } from "../bench/parts.ts";
import { peersTable, withPeers } from "../bench/peers_table.ts";
import { rounds } from "../bench/rounds.ts";
import { attach, run } from "../bench/run.ts";
import { Shortest } from "../bench/shortest.ts";
import { seenByBpftrace, seenByIor, seenByPerf, seenByStrace, seenBySyscount } from "../bench/tracers.ts";

const stdout = (text: string) => ({ stdout: text, stderr: "" });
const stderr = (text: string) => ({ stdout: "", stderr: text });

Deno.test("What loops print is added up over processors", () => {
  const results = parseLoops("mix 900 9000\nread-write 100 1000\nread-write 300 5000\n");
  assert.deepEqual(results.get("read-write"), { calls: 400, ns: 6000, nsPerCall: 15 });
  assert.deepEqual(results.get("mix"), { calls: 900, ns: 9000, nsPerCall: 10 });
  assert.throws(() => parseLoops("perror: no\n"), /Cannot read the figures of the loops: perror: no/);
});

Deno.test("The shortest of some rounds is kept, by kind and loop", () => {
  const shortest = new Shortest();
  for (const text of ["stat 10 300\nmix 10 500", "stat 10 400\nmix 10 200"]) {
    shortest.note("bare", parseLoops(text));
  }
  shortest.note("traced", parseLoops("stat 10 900"));
  assert.equal(shortest.of("bare", "stat"), 30);
  assert.equal(shortest.of("bare", "mix"), 20);
  assert.equal(shortest.of("traced", "stat"), 90);
});

Deno.test("Rounds are at least so many when there is no time, and at most so many when there is", () => {
  assert.deepEqual([...rounds(0, 3)], [0, 1, 2]);
  assert.deepEqual([...rounds(1000, 1, 4)], [0, 1, 2, 3]);
});

Deno.test("A budget is a multiple of an untraced call, and none where none is set", () => {
  assert.equal(budgetRatio("quiet", "ior trace --rows", "read-write"), (150 + 180) / 150);
  assert.equal(budgetRatio("busy", "ior trace --no-rows", "mix"), (405 + 520) / 405);
  assert.equal(budgetRatio("busy", "ior trace", "mix"), null);
  assert.equal(budgetRatio("quiet", "ior trace --rows", "stat"), null);
  assert.equal(userBudgetRatio(60), 0.4);
});

Deno.test("Without names every part is chosen that is not extra, and named parts in their order", () => {
  assert.deepEqual(chooseParts([]), PARTS.filter(({ name }) => name !== "peers"));
  assert.deepEqual(chooseParts(["start", "quiet", "peers"]).map(({ name }) => name), [
    "quiet",
    "start",
    "peers",
  ]);
  assert.throws(() => chooseParts(["start", "stat"]), /^Error: Unknown part stat; there are quiet, busy, /);
});

Deno.test("Calls and loss are read from a report of ior", () => {
  assert.deepEqual(seenByIor(stdout('{"calls":7,"loss":{"state":"some","calls":2}}')), { calls: 7, lost: 2 });
  assert.deepEqual(seenByIor(stdout('{"calls":7,"loss":{"state":"unknown","calls":null}}')), {
    calls: 7,
    lost: null,
  });
});

Deno.test("Calls are read from both tables of syscount", () => {
  const head = "Tracing syscalls, printing top 500... Ctrl+C to quit.\n[00:39:16]\n";
  const counts =
    `${head}SYSCALL                   COUNT\nread                     113131\nwrite                     18516\n`;
  assert.deepEqual(seenBySyscount(stdout(counts)), { calls: 131_647, lost: null });
  const times =
    `${head}SYSCALL       COUNT        TIME (us)\nfutex         24560     31629581.546\nread  2   1.5\n`;
  assert.deepEqual(seenBySyscount(stdout(times)), { calls: 24_562, lost: null });
});

Deno.test("Calls are read from counts and from histograms of bpftrace", () => {
  assert.equal(seenByBpftrace(stdout("Attaching 1 probe...\n\n\n@[316]: 1\n@[0]: 53256\n")).calls, 53_257);
  const histogram = "Attaching 2 probes...\n\n@ns[1]: \n[0]          3 |@      |\n" +
    "[512, 1K)              12 |@@@@@@@|\n[1K, 2K)                5 |@@     |\n\n@start[17]: 123456\n";
  assert.deepEqual(seenByBpftrace(stdout(histogram)), { calls: 20, lost: null });
});

Deno.test("Calls of all threads and lost events are read from perf", () => {
  const text = ` Summary of events:

 loops (320), 4000 events, 99.0%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   read                1000      2     0.034     0.034     0.034     0.034      0.00%
   write                999      0     0.017     0.017     0.017     0.017      0.00%

 sh (321), 2 events, 0.1%

   wait4                  1      0     0.013     0.013     0.013     0.013      0.00%
`;
  assert.deepEqual(seenByPerf(stderr(text)), { calls: 2000, lost: 0 });
  assert.deepEqual(seenByPerf(stderr(`LOST 12 events!\n${text}LOST 3 events!\n`)), { calls: 2000, lost: 15 });
});

Deno.test("Calls are read from the lines of strace, and not once more from their total", () => {
  const text = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ------------------
 25.69    0.023086           6      3702           write
  0.00    0.000004           4         3         1 wait4
------ ----------- ----------- --------- --------- ------------------
100.00    0.089869           7      3705         1 total
`;
  assert.deepEqual(seenByStrace(stderr(text)), { calls: 3705, lost: 0 });
  assert.deepEqual(seenByStrace(stderr(text.replace(/( +)7( +3705)/, "$1 $2"))), { calls: 3705, lost: 0 });
});

Deno.test("The table of tracers has a row for each, also for one that is missing, failed or cannot have seen all", () => {
  const ns = new Map([["read-write", 300], ["mix", 1234.5]] as const);
  const outcome = { kind: "measured", ns, made: 1000, seen: 999, lost: 1, reasons: [] } as const;
  const measured: Measured = {
    rounds: 3,
    bare: new Map([["read-write", 150], ["mix", 1235]] as const),
    tracers: [
      { name: "all", outcome: { ...outcome, lost: 0 } },
      { name: "some", outcome },
      { name: "more", outcome: { ...outcome, lost: 333 } },
      { name: "silent", outcome: { ...outcome, seen: 5000, lost: null } },
      { name: "blind", outcome: { ...outcome, seen: 250, lost: null, reasons: ["it hung"] } },
      { name: "absent", outcome: { kind: "missing", debian: "absent-tools" } },
      { name: "broken", outcome: { kind: "failed", reasons: ["broken ended early: a | b"] } },
    ],
  };
  assert.equal(
    peersTable("Title", ["read-write", "mix"], measured),
    `### Title

| tracer | read-write | mix | lost |
| - | -: | -: | -: |
| none | 150 ns | 1,235 ns |  |
| \`all\` | +150 ns, 2.00x | −1 ns, 1.00x | 0 |
| \`some\` | +150 ns, 2.00x | −1 ns, 1.00x | 0.1 % |
| \`more\` | +150 ns, 2.00x | −1 ns, 1.00x | 25.0 % |
| \`silent\` | +150 ns, 2.00x | −1 ns, 1.00x | not reported |
| \`blind\` | +150 ns, 2.00x | −1 ns, 1.00x | at least 75.0 % |
| \`absent\` | not installed (Debian: absent-tools) |  |  |
| \`broken\` | failed |  |  |

A round of \`blind\` failed: it hung

A round of \`broken\` failed: broken ended early: a | b`,
  );
});

Deno.test("The table takes the place of the one between the marks, and a page without marks is refused", () => {
  const page = (text: string) =>
    `# Page\n\n<!-- deno task bench peers -->\n\n${text}\n\n<!-- end -->\n\nMore\n`;
  assert.equal(withPeers(page("old\ntable"), "new"), page("new"));
  assert.equal(withPeers(Deno.readTextFileSync("tests/bench/README.md"), "new").match(/^new$/gm)?.length, 1);
  assert.throws(
    () => withPeers("# Page\n", "new"),
    /Cannot find <!-- deno task bench peers --> and <!-- end -->/,
  );
});

Deno.test("What a program prints is answered, and a failure says which program and its last words", async () => {
  assert.deepEqual(await run(["sh", "-c", "echo out; echo err >&2"]), { stdout: "out\n", stderr: "err\n" });
  await assert.rejects(run(["sh", "-c", "echo one; echo two >&2; exit 3"]), /^Error: sh failed: two$/);
});

Deno.test("A tracer that ends before it is attached fails with its last words", async () => {
  await assert.rejects(
    attach(["sh", "-c", "echo no tracepoint >&2; exit 1"]),
    /^Error: sh failed: no tracepoint$/,
  );
  await assert.rejects(attach(["echo", "done"]), /^Error: echo ended before it was attached: done$/);
});

Deno.test("A program is halted from when its command runs until that has ended, and then timed to its end", async () => {
  // In place of ior: it starts what follows `--`, and says when that has ended.
  const starter = ["sh", "-c", 'shift; "$@" 2>/dev/null & wait; echo ended', "sh"];
  const command = ["dd", "if=/dev/zero", "of=/dev/null", "count=200000"];
  const { stdout, ms } = await readBacklog(starter, command);
  assert.equal(stdout, "ended\n");
  assert.ok(ms > 0);
  await assert.rejects(readBacklog(["sh", "-c", "echo no >&2; exit 1"], command), /^Error: sh failed: no$/);
});
