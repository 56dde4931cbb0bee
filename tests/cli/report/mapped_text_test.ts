import assert from "node:assert/strict";
import { headerSince } from "../../../cli/report/header_since.ts";
import { sortMapped } from "../../../cli/report/mapped_text.ts";
import { renderReport } from "../../../cli/report/report_text.ts";
import { joinHeaders } from "../../../engine/recording/joined_header.ts";
import { mappedSums, reportMappedIo } from "../../../runtime/report.ts";
import { reportOf } from "../advice/advice_report.ts";
import { HEADER } from "./fixture.ts";

const file = (path: string, mapped_bytes: number, fault_ns: number, pid = 7) => ({
  pid,
  comm: "db",
  path,
  mapped_bytes,
  major_faults: fault_ns === 0 ? 0 : 2,
  fault_ns,
});

const FILES = [file("/data.mdb", 8 << 20, 1e6), file("/lib/x.so", 4096, 5e6), file("/lib/a.so", 4096, 0)];
const OPTIONS = { width: 80, color: false, ascii: true, top: null, sort: "time", advice: false } as const;

function text(
  mapped_io: ReturnType<typeof mappedSums>,
  options: Partial<Parameters<typeof renderReport>[1]>,
) {
  const report = reportOf({ syscalls: { read: { calls: 1, ms: 1 } }, more: { mapped_io } });
  return renderReport(report, { ...OPTIONS, ...options });
}

Deno.test("Sums are those of all rows, and unknown faults are unknown in them", () => {
  const missed = { mapped_bytes: 4096, major_faults: 1, fault_ns: 3 };
  const sums = mappedSums(FILES, [missed]);
  assert.deepEqual([sums.mapped_bytes, sums.major_faults, sums.fault_ns], [(8 << 20) + 12_288, 5, 6_000_003]);
  assert.deepEqual(sums.without_file, missed);
  const faults = { major_faults: null, fault_ns: null };
  const unknown = mappedSums([{ ...FILES[0], ...faults }, FILES[1]], []);
  assert.deepEqual([unknown.major_faults, unknown.fault_ns], [null, null]);
  assert.equal("without_file" in unknown, false);
});

Deno.test("What the kernel did not count is null in the document", () => {
  const none = { mappedBytes: 0, majorFaults: 0, faultNs: 0 };
  const row = { pid: 1, comm: "a", path: "/\u{fffd}", raw: Uint8Array.of(47, 255), ...none, mappedBytes: 5 };
  const document = reportMappedIo({ files: [row], missed: none, countsMajor: false });
  assert.deepEqual(document, {
    mapped_bytes: 5,
    major_faults: null,
    fault_ns: null,
    files: [{
      pid: 1,
      comm: "a",
      path: "/\u{fffd}",
      path_raw: "L/8=",
      mapped_bytes: 5,
      major_faults: null,
      fault_ns: null,
    }],
  });
});

Deno.test("A report has a line and a table of it where there was some, within 80 columns", () => {
  const all = text(mappedSums(FILES, [{ mapped_bytes: 4096, major_faults: 0, fault_ns: 0 }]), {});
  assert.match(
    all,
    /^mapped +8\.01MiB read by page faults, 4 major faults took 6\.00ms; 4\.00KiB of$/m,
  );
  assert.match(all, /^Mapped files by time\n +BYTES +MAJOR +TIME +PID +COMMAND +FILE\n.*\/lib\/x\.so$/m);
  assert.ok(all.split("\n").every((line) => line.length <= 80));
  const cut = text(mappedSums(FILES, []), { top: 1, sort: "bytes" });
  assert.match(
    cut,
    /^Mapped files by bytes read by page faults\n.*\n.*\/data\.mdb\n\.\.\. 2 more rows: 0\.1% of the bytes$/m,
  );
  assert.doesNotMatch(text(mappedSums([], []), {}), /mapped/i);
});

Deno.test("The order is by time, by name, or by bytes", () => {
  const paths = (sort: Parameters<typeof sortMapped>[1]) => sortMapped(FILES, sort).map(({ path }) => path);
  assert.deepEqual(paths("time"), ["/lib/x.so", "/data.mdb", "/lib/a.so"]);
  assert.deepEqual(paths("name"), ["/data.mdb", "/lib/a.so", "/lib/x.so"]);
  assert.deepEqual(paths("calls"), ["/data.mdb", "/lib/a.so", "/lib/x.so"]);
});

Deno.test("The header of an interval has what was added in it", () => {
  const before = { ...HEADER, mapped_io: mappedSums(FILES.slice(0, 2), []) };
  const more = [file("/data.mdb", 9 << 20, 1e6), FILES[1], file("/new", 4096, 7)];
  const lost = { mapped_bytes: 8192, major_faults: 0, fault_ns: 0 };
  const now = { ...HEADER, mapped_io: mappedSums(more, [lost]) };
  const since = headerSince(now, before).mapped_io!;
  assert.deepEqual(since.files.map(({ path, mapped_bytes }) => [path, mapped_bytes]), [
    ["/data.mdb", 1 << 20],
    ["/new", 4096],
  ]);
  assert.deepEqual([since.mapped_bytes, since.fault_ns, since.without_file], [
    (1 << 20) + 12_288,
    7,
    lost,
  ]);
});

Deno.test("In an interval processes that had one number after the other are one, and lose none of each other's bytes", () => {
  const before = { ...HEADER, mapped_io: mappedSums([file("/lib", 8192, 0), file("/lib", 40_960, 9)], []) };
  const now = {
    ...HEADER,
    mapped_io: mappedSums([file("/lib", 40_960, 9), file("/lib", 12_288, 0), file("/lib", 4096, 1)], []),
  };
  const since = headerSince(now, before).mapped_io!;
  assert.deepEqual(since.files, [{ ...file("/lib", 8192, 1), major_faults: 2 }]);
  assert.equal(since.mapped_bytes, 8192);
});

Deno.test("Several runs have the files of all, and none when one of them does not tell", () => {
  const one = { ...HEADER, mapped_io: mappedSums(FILES.slice(1), []) };
  const other = { ...HEADER, mapped_io: mappedSums(FILES.slice(0, 1), []) };
  assert.deepEqual(joinHeaders([one, other]).mapped_io, mappedSums(FILES, []));
  assert.equal(joinHeaders([one, other, HEADER]).mapped_io, undefined);
});
