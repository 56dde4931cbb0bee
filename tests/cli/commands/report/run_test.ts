import assert from "node:assert/strict";
import { runReport } from "../../../../cli/commands/report/run.ts";
import { runStream } from "../../../../cli/commands/stream/run.ts";
import { openRecording } from "../../../../engine/recording/open_recording.ts";
import type { ReportHeader } from "../../../../runtime/report.ts";
import { batchOf, type Call, taskName } from "../../../engine/batches.ts";
import { header, ndjsonText, scratch } from "../../../engine/recording/fixture.ts";
import { parse } from "../machine.ts";

/** The report of a recording of these calls. */
async function reportOf(calls: readonly Call[], flags: string): Promise<string> {
  using folder = scratch();
  const [from, to] = [folder.path("rows.ndjson"), folder.path("report")];
  Deno.writeTextFileSync(from, ndjsonText([batchOf(calls, { tasks: [taskName(1, 70)] })]));
  await runReport(parse("report", ...flags.split(" "), "-o", to, from));
  return Deno.readTextFileSync(to);
}

const KNOWN = { iowaitNs: 5, blockedNs: 0, runqueueNs: 0 };

Deno.test("what no call of a recording has is refused as the order of its report", async () => {
  const calls = [{ nr: 0 }, { nr: 1, extra: { fetchedBytes: 4096 } }];
  for (const key of ["iowait", "blocked", "runqueue"]) {
    await assert.rejects(reportOf(calls, `--sort ${key}`), {
      code: "usage",
      message: `Cannot sort by ${key}: no call of the recording has that value`,
      hint: "Record with --waits, or sort by another key",
    });
  }
  await assert.rejects(reportOf([{ nr: 0 }], "--json --sort fetched"), {
    hint: "Record with --cache, or sort by another key",
  });
  assert.match(await reportOf(calls, "--sort fetched"), /^System calls by bytes fetched$/m);
  const waited = [{ nr: 0, extra: KNOWN }, { nr: 1 }];
  assert.match(await reportOf(waited, "--sort iowait"), /^System calls by time waiting for I\/O$/m);
  // Without calls there is nothing to sort.
  assert.match(await reportOf(calls, "--sort iowait --where pid=1"), /^calls +0/m);
});

Deno.test("What had not returned, and requests to io_uring, are those that a replay selects", async () => {
  using folder = scratch();
  const [from, to] = [folder.path("rows.ndjson"), folder.path("out")];
  const running = [
    { pid: 70, tid: 70, comm: "cat", syscall: "read", path: "/a", ageNs: 3 },
    { pid: 71, tid: 72, comm: "dd", syscall: "fsync", path: null, ageNs: 2 },
  ];
  const end = header({ io_uring_requests: running.map(({ pid }) => ({ pid, requests: 5 })) });
  Deno.writeTextFileSync(
    from,
    ndjsonText([batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] })], end, running),
  );
  const cases: [flags: string[], tids: number[], pids: number[]][] = [
    [[], [70, 72], [70, 71]],
    [["-p", "71"], [72], [71]],
    [["-t", "70"], [70], []],
    [["--comm", "cat"], [70], [70, 71]],
    [["-e", "fsync"], [72], [70, 71]],
    [["-P", "/a"], [70], [70, 71]],
    // A call that has not returned may still fail, and take as long.
    [["-x", "--slower", "1s"], [70, 72], [70, 71]],
  ];
  for (const [flags, tids, pids] of cases) {
    await runReport(parse("report", "--json", ...flags, "-o", to, from));
    const report = JSON.parse(Deno.readTextFileSync(to));
    await runStream(parse("stream", "--json", ...flags, "-o", to, from));
    const stream = JSON.parse(Deno.readTextFileSync(to).trimEnd().split("\n").at(-1)!);
    for (const found of [report, stream]) {
      assert.deepEqual(found.running.map(({ tid }: { tid: number }) => tid), tids, flags.join(" "));
      assert.deepEqual(found.io_uring_requests.map(({ pid }: { pid: number }) => pid), pids, flags.join(" "));
    }
  }
});

Deno.test("What came into the page cache is left out when one of several recordings does not tell", async () => {
  using folder = scratch();
  const names = { tasks: [taskName(1, 70)], files: [{ slot: 1, path: "/a" }] };
  const read = { nr: 0, file: 1, bytes: 4096, durationNs: 10 };
  const known = { ...read, extra: { fetchedBytes: 4096 } };
  const sums = { mapped_bytes: 8192, major_faults: 1, fault_ns: 9 };
  const mapped = { ...sums, files: [{ pid: 70, comm: "a", path: "/a", ...sums }] };
  const write = (name: string, call: Call, members: Partial<ReportHeader>) => {
    Deno.writeTextFileSync(folder.path(name), ndjsonText([batchOf([call], names)], header(members)));
  };
  write("a", known, { mapped_io: mapped });
  write("b", known, { mapped_io: mapped, wall_ns: 1 });
  write("plain", read, {});
  const fetched = async (...recordings: string[]) => {
    const out = folder.path("out");
    const flags = ["--json", "-q", "--assert", "fetched(path = /a) < 10k"];
    const { failedAssertions } = await runReport(
      parse("report", ...flags, "-o", out, ...recordings.map(folder.path)),
    );
    const { fetched_bytes, files, mapped_io } = JSON.parse(Deno.readTextFileSync(out));
    const own = [fetched_bytes, files[0].fetched_bytes, mapped_io?.mapped_bytes];
    return [...own, ...failedAssertions.map(({ doubt }) => doubt)];
  };
  const left = [undefined, undefined, undefined, "the trace did not ask for fetched"];
  assert.deepEqual(await fetched("a"), [4096, 4096, 8192]);
  assert.deepEqual(await fetched("a", "b"), [8192, 8192, 16_384]);
  assert.deepEqual(await fetched("plain"), left);
  assert.deepEqual(await fetched("a", "plain"), left);
  assert.deepEqual(await fetched("plain", "a"), left);
  const { notes } = await openRecording(["a", "plain"].map(folder.path));
  assert.deepEqual(notes, [
    "Not all of these recordings tell what came into the page cache: sums of it are left out",
  ]);
  assert.deepEqual((await openRecording(["a", "b"].map(folder.path))).notes, []);
});
