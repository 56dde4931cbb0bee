import assert from "node:assert/strict";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { BOUNDS } from "../../../engine/recording/row_check.ts";
import { batchOf, taskName } from "../batches.ts";
import { ndjsonText, record, scratch } from "./fixture.ts";

const ONE = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });

async function outcome(path: string): Promise<string> {
  try {
    await Array.fromAsync((await openRecording([path])).batches());
    return "read";
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("A number of a row that cannot be one is refused by the name of its column", async () => {
  const [first, ofOne, end] = ndjsonText([ONE]).split("\n");
  const row = ofOne.replace('"uid":', '"gid":50,"uid":');
  using folder = scratch();
  const path = folder.path("rows.ndjson");
  const wrong: [member: string, value: string][] = [
    ["seq", "-1"],
    ["time_ns", "9007199254740992"],
    ["time_ns", "1e300"],
    ["pid", "-5"],
    ["pid", "4194305"],
    ["tid", "4294967296"],
    ["uid", "-1"],
    ["gid", "4294967295"],
    ["fd", "4294967296"],
    ["bytes", "-1"],
    ["latency_ns", "-100"],
    ["latency_ns", "9007199254740992"],
    ["gap_ns", "-1"],
  ];
  for (const [member, value] of wrong) {
    const changed = row.replace(new RegExp(`"${member}":[^,}]*`), `"${member}":${value}`);
    Deno.writeTextFileSync(path, [first, changed, end, ""].join("\n"));
    assert.match(
      await outcome(path),
      new RegExp(`its ${member} is .*, it must be a whole number from`),
      changed,
    );
  }
  Deno.writeTextFileSync(path, [first, row, end, ""].join("\n"));
  assert.equal(await outcome(path), "read");
});

Deno.test("The bounds of a row's numbers are those of the published schema", () => {
  const file = new URL("../../../schema/ior.rows.1.json", import.meta.url);
  const { $defs } = JSON.parse(Deno.readTextFileSync(file));
  // Of runs that are shown as one, numbers and times go on behind those of the first.
  const unbounded = ["seq", "time_ns", "process_start_ns"];
  for (const [name, , least, most] of BOUNDS) {
    if (unbounded.includes(name)) continue;
    const member = $defs.row.properties[name];
    const { minimum, maximum } = member.$ref === undefined
      ? member
      : $defs[member.$ref.replace("#/$defs/", "")];
    assert.deepEqual([minimum, maximum], [least, most], name);
  }
});

Deno.test("Numbers of a Parquet file are held to the same bounds", async () => {
  using folder = scratch();
  const path = folder.path("rows.parquet");
  await record(path, [batchOf([{ nr: 0, durationNs: -1 }], { tasks: [taskName(1, 70)] })]);
  assert.match(await outcome(path), /its latency_ns is -1, it must be a whole number from 0/);
});

Deno.test("What a recording says of its run is held to what a report can say", async () => {
  const [, row, end] = ndjsonText([ONE]).split("\n");
  using folder = scratch();
  const path = folder.path("rows.ndjson");
  const first = ndjsonText([ONE]).split("\n")[0];
  const lines: [line: string, name: string][] = [
    [first.replace(/"selection":\{[^}]*\}/, '"selection":[]'), "selection"],
    [first.replace(/"started":"[^"]*"/, '"started":"9999-12-31T23:59:59Z"'), "started"],
    [first.replace(/"started":"[^"]*"/, '"started":"0000-01-01T00:00:00Z"'), "started"],
  ];
  for (const [line, name] of lines) {
    assert.notEqual(line, first);
    Deno.writeTextFileSync(path, [line, row, end, ""].join("\n"));
    assert.match(await outcome(path), new RegExp(`${name} is `));
  }
  const ends: [end: string, name: string][] = [
    [end.replace(/"cpu_ns":\d+/, '"cpu_ns":1e999'), "cost.cpu_ns"],
    [end.replace(/"calls":0/, '"calls":0.5'), "loss.calls"],
    [end.replace(/"by":\{[^}]*\}/, '"by":[]'), "loss.by"],
    [end.replace('"running":[]', '"running":{}'), "running"],
    [end.replace('"wall_ns":5000000000', '"wall_ns":9007199254740992'), "wall_ns"],
    [end.replace(/"io_uring_requests":\[\]/, '"io_uring_requests":[{"pid":4194305,"requests":1}]'), "pid"],
    [end.replace(/"io_uring_requests":\[\]/, '"io_uring_requests":[{"pid":1.5,"requests":1}]'), "pid"],
  ];
  for (const [line, name] of ends) {
    assert.notEqual(line, end);
    Deno.writeTextFileSync(path, [first, row, line, ""].join("\n"));
    assert.match(await outcome(path), new RegExp(`${name} is `));
  }
});

Deno.test("A path that no kernel gives is refused, as text and as bytes", async () => {
  const rows = (path: string, raw?: Uint8Array) =>
    ndjsonText([
      batchOf([{ nr: 0, file: 1 }], { tasks: [taskName(1, 70)], files: [{ slot: 1, path, raw }] }),
    ]);
  using folder = scratch();
  const path = folder.path("rows.ndjson");
  const wanted: [text: string, outcome: RegExp][] = [
    [rows(`/${"a/".repeat(8_000)}`), /^read$/],
    [rows(`/${"a/".repeat(100_000)}`), /its path has a length of 200001, it must be 16384 at most/],
    [rows("/a", new Uint8Array(20_000)), /its path_raw has a length of 20000/],
  ];
  for (const [text, expected] of wanted) {
    Deno.writeTextFileSync(path, text);
    assert.match(await outcome(path), expected);
  }
});
