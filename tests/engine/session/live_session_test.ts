/** A live session by the contract alone: what the interface gets, and what becomes of what it asks for. */
import assert from "node:assert/strict";
import { emptyTraceContext, machineArch } from "../../../engine/mod.ts";
import { prepareWith } from "../../../engine/session/prepare.ts";
import {
  type LivePlan,
  prepareSessionWith,
  traceStarterWith,
} from "../../../engine/session/trace_starter.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { Recorder, RecorderStatus } from "../../../runtime/contracts.ts";
import type { EventBatch, EventColumns } from "../../../runtime/event_batch.ts";
import { emptyFilter, type Filter } from "../../../runtime/filter/mod.ts";
import { syscallByName, syscallNumber } from "../../../runtime/syscalls/mod.ts";
import { waitFor } from "../../wait.ts";
import { taskName } from "../batches.ts";
import { FakeCapture, sumsOf } from "./fake_capture.ts";
import { fakeInterface } from "./interface.ts";

const ARCH = machineArch();
const nrOf = (name: string) => syscallNumber(ARCH, syscallByName(name)!)!;
const [READ, WRITE] = ["read", "write"].map(nrOf);

const PLAN: LivePlan = {
  ringBytes: 4096,
  durationNs: null,
  command: null,
  stats: { arch: ARCH, maxFiles: 10, maxProcesses: 10, maxSlowest: 1 },
  flame: { arch: ARCH, fields: ["syscall"], metric: "count", maxNodes: 100 },
};

const FIRST: Filter = { ...emptyFilter(), syscalls: ["read", "write", "close"] };
const TASK = { tasks: [taskName(1, 70)] };

/** A session that runs on a fake kernel. */
async function startSession(changes: Partial<LivePlan> = {}) {
  const { bindings, published, lent } = fakeInterface();
  let capture!: FakeCapture;
  const start = traceStarterWith(
    (plan) => prepareWith((options) => capture = new FakeCapture(options), plan),
    { ...PLAN, ...changes },
  );
  const session = await start(emptyTraceContext().withBindings(bindings).withFilter(FIRST));
  const counted = async () => (await published.stats!.snapshot())?.calls;
  const arrived = (calls: number) =>
    waitFor(() => session.progress().calls >= calls || null, { what: `${calls} calls`, timeoutMs: 60_000 });
  const rows = () =>
    published.rows!.snapshot().map((row) => "syscall" in row ? `${row.syscall} ${row.epoch}` : "");
  return { session, capture, published, counted, arrived, rows, lent };
}

/** A recorder that keeps the names and the numbers of what it is given. */
class FakeRecorder implements Recorder {
  readonly batches: { length: number; firstSeq: number; tasks: number[] }[] = [];
  readonly canIngest = true;
  start() {}
  stop(): RecorderStatus {
    return this.status();
  }
  status(): RecorderStatus {
    return { path: "a", rows: 0, dropped: 0, lastError: null };
  }
  room(): Promise<void> {
    return Promise.resolve();
  }
  ingest({ length, firstSeq, tasks, columns }: EventBatch): Promise<EventColumns> {
    this.batches.push({ length, firstSeq, tasks: tasks.map(({ slot }) => slot) });
    return Promise.resolve(columns);
  }
}

function failsWith(promise: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof IorError && message.test(error.message));
}

Deno.test("What is traced is in the statistics, the trie and the rows that the session publishes", async () => {
  const { session, capture, published, counted, arrived, rows } = await startSession();
  await using _given = session;
  capture.record([{ nr: READ }, { nr: WRITE }], TASK);
  await arrived(2);
  assert.equal(await counted(), 2);
  assert.equal((await published.trie!.snapshotTree()).root.t, 2);
  assert.deepEqual(await published.trie!.fields(), ["syscall"]);
  assert.deepEqual(rows(), ["read 1", "write 1"]);
  assert.equal(published.rows!.length, 2);
});

Deno.test("A new filter is applied in place: kernel, epoch, then new baselines, and the rows held are judged again", async () => {
  const { session, capture, published, counted, arrived, rows } = await startSession();
  await using _given = session;
  capture.record([{ nr: READ }, { nr: WRITE }, { nr: READ, ret: -2n }], TASK);
  await arrived(3);
  capture.onChange = () => capture.record([{ nr: WRITE }]); // in the ring just before the change
  const wanted = { ...FIRST, syscalls: ["read"], where: { kind: "failed" as const } };
  assert.equal(await published.setFilter!(wanted), 2);
  assert.deepEqual(capture.told.filter(({ kind }) => kind !== "calls"), [
    { kind: "attach" },
    { kind: "filter", filter: wanted, epoch: 2 },
  ]);
  assert.equal(await counted(), 0);
  assert.equal((await published.trie!.snapshotTree()).root.t, 0);
  assert.deepEqual(rows(), ["read 1"]);
  capture.record([{ nr: WRITE }], { epoch: 1 }); // was being written when the filter changed
  capture.record([{ nr: READ, ret: -2n }]);
  await arrived(5);
  assert.equal(await counted(), 1);
  assert.deepEqual(rows(), ["read 1", "read 2"]);
});

Deno.test("Single rows are there from the moment they are wanted, without the sample of before", async () => {
  const { session, capture, published, arrived, rows } = await startSession({ addsUp: true });
  await using _given = session;
  assert.equal(capture.addsUp, true);
  capture.record([{ nr: READ }], TASK);
  await arrived(1);
  capture.record([{ nr: READ }]); // still in the ring
  await published.turnRows!(true);
  assert.equal(capture.addsUp, false);
  assert.deepEqual(rows(), []);
  capture.record([{ nr: WRITE }]);
  await arrived(3);
  assert.deepEqual(rows(), ["write 1"]);
  await published.turnRows!(false);
  assert.equal(capture.addsUp, true);
  assert.deepEqual(rows(), ["write 1"]);
  await session.stop();
  assert.equal(published.turnRows, null);
});

Deno.test("Open file descriptions are followed from the moment somebody asks, or from the start, and anew under a filter", async () => {
  const read = [{ nr: READ, fd: 3, file: 1, ret: 5n, bytes: 5 }];
  const names = { ...TASK, files: [{ slot: 1, path: "/a" }] };
  const { session, capture, published, arrived } = await startSession();
  await using _session = session;
  const seen = async () =>
    (await published.sessions!.snapshot())?.sessions.map(({ path, calls }) => [path, calls]);
  capture.record(read, names);
  await arrived(1);
  assert.equal(await seen(), undefined);
  await published.sessions!.follow(true);
  capture.record(read);
  await arrived(2);
  assert.deepEqual(await seen(), [["/a", 1]]);
  await published.setFilter!(FIRST);
  assert.deepEqual(await seen(), []);
  const { session: other, capture: otherCapture, ...rest } = await startSession({ followsFiles: true });
  await using _other = other;
  otherCapture.record(read, names);
  await rest.arrived(1);
  assert.equal((await rest.published.sessions!.snapshot())?.sessions.length, 1);
});

Deno.test("Where every call has a row there is nothing to turn", async () => {
  const { session, published } = await startSession();
  await using _given = session;
  assert.equal(published.turnRows, null);
});

Deno.test("What is to be known beside each call is asked of the kernel", async () => {
  const { session, capture } = await startSession({ extras: ["waits", "cache"] });
  await using _session = session;
  assert.deepEqual(capture.extras, ["waits", "cache"]);
});

Deno.test("Mapped I/O is asked of the kernel when somebody looks at it, as reports name it", async () => {
  const { session, capture, published } = await startSession({ extras: ["cache"] });
  const mapped = published.mapped!;
  assert.equal(await mapped.snapshot(), null, "where page faults are not followed");
  const sums = { mappedBytes: 8192, majorFaults: 2, faultNs: 70 };
  const files = [{ pid: 70, comm: "dd", path: "/a", ...sums }];
  capture.mappedIo = () => ({
    files,
    missed: { mappedBytes: 0, majorFaults: 0, faultNs: 0 },
    countsMajor: true,
  });
  const read = { mapped_bytes: 8192, major_faults: 2, fault_ns: 70 };
  assert.deepEqual(await mapped.snapshot(), {
    ...read,
    files: [{ pid: 70, comm: "dd", path: "/a", ...read }],
  });
  await session[Symbol.asyncDispose]();
  assert.equal(await mapped.snapshot(), null);
});

Deno.test("A filter that a running trace cannot take is refused before anything changes", async () => {
  const { session, capture, published, counted, arrived, rows } = await startSession();
  await using _given = session;
  capture.record([{ nr: READ }], TASK);
  await arrived(1);
  const refused: [Partial<Filter>, RegExp][] = [
    [{ pids: [1] }, /Cannot change which processes/],
    [{ follow: false }, /Cannot change which processes/],
    [{ where: { kind: "text", field: "comm", operator: "~", values: [""] } }, /Cannot use an empty pattern/],
  ];
  for (const [change, message] of refused) {
    await failsWith(published.setFilter!({ ...FIRST, ...change }), message);
  }
  assert.deepEqual([await counted(), rows(), capture.told.length], [1, ["read 1"], 1]);
  assert.equal(await published.setFilter!(FIRST), 2, "no number is used up");
});

Deno.test("Filters that are set at once come one after the other", async () => {
  const { session, capture, published } = await startSession();
  await using _given = session;
  const wanted = ["read", "write", "close"].map((name) => ({ ...FIRST, syscalls: [name] }));
  assert.deepEqual(await Promise.all(wanted.map((filter) => published.setFilter!(filter))), [2, 3, 4]);
  const told = capture.told.flatMap((it) => it.kind === "filter" ? [it.filter.syscalls] : []);
  assert.deepEqual(told, [["read"], ["write"], ["close"]]);
});

Deno.test("A call that is turned off stays off under the next filter, and one turned on stays on", async () => {
  const { session, capture, published } = await startSession();
  await using _given = session;
  const probes = published.probes!;
  const isActive = (name: string) => probes.states().find(({ syscall }) => syscall === name)?.active;
  assert.deepEqual([isActive("read"), isActive("fsync"), probes.activeCount().active], [true, false, 3]);
  await probes.toggle("read");
  await probes.toggle("fsync");
  assert.deepEqual([isActive("read"), isActive("fsync"), probes.activeCount().active], [false, true, 3]);
  await published.setFilter!({ ...FIRST, syscalls: ["read", "write"] });
  const last = capture.told.at(-1)!;
  assert.deepEqual(last.kind === "filter" && last.filter.syscalls, ["write", "fsync"]);
  assert.deepEqual([isActive("read"), isActive("fsync")], [false, true]);
  await probes.toggle("read");
  assert.ok(isActive("read"));
});

Deno.test("Probes say family, kinds, and why a call is not there; such a call cannot be turned on", async () => {
  const { session, published } = await startSession();
  await using _given = session;
  const states = published.probes!.states();
  const read = states.find(({ syscall }) => syscall === "read");
  assert.deepEqual(read, {
    syscall: "read",
    family: "FS",
    kinds: ["read"],
    number: READ,
    active: true,
    unavailable: null,
  });
  const missing = states.filter(({ unavailable }) => unavailable !== null);
  const { total } = published.probes!.activeCount();
  assert.equal(total + missing.length, states.length);
  for (const { syscall, active, unavailable } of missing) {
    assert.deepEqual([active, unavailable], [false, `${ARCH} has no such call`]);
    await failsWith(Promise.resolve(published.probes!.toggle(syscall)), /has no such call/);
  }
  await failsWith(Promise.resolve(published.probes!.toggle("frobnicate")), /unknown system call/);
});

Deno.test("Calls that an earlier trace left on are on from the start instead of the filter's, none of them too", async () => {
  for (const syscalls of [["fsync"], []]) {
    const { bindings, published } = fakeInterface();
    let first: Filter | null = null;
    const start = traceStarterWith(
      (plan) => prepareWith((options) => (first = options.selection, new FakeCapture(options)), plan),
      PLAN,
    );
    const calls = { syscalls, unknownSyscalls: false };
    const context = emptyTraceContext().withBindings(bindings).withFilter(FIRST).withCalls(calls);
    await using session = await start(context);
    assert.deepEqual(first, { ...FIRST, syscalls });
    const probes = published.probes!;
    assert.equal(probes.activeCount().active, syscalls.length);
    await session.stop();
    assert.deepEqual(probes.intended(), calls, "also when the trace has ended");
  }
});

Deno.test("With the trace its controls are taken back; what was counted stays until the session is given back", async () => {
  const { session, capture, published, counted, arrived } = await startSession();
  const { setFilter, probes, stats, trie } = { ...published };
  capture.record([{ nr: READ }], TASK);
  await arrived(1);
  await session.stop();
  assert.deepEqual([published.setFilter, published.probes], [null, null]);
  await failsWith(setFilter!(FIRST), /The trace has ended/);
  await failsWith(Promise.resolve(probes!.toggle("read")), /The trace has ended/);
  assert.deepEqual([probes!.states(), probes!.activeCount()], [[], { active: 0, total: 0 }]);
  assert.deepEqual([probes!.familyStates(), probes!.intended()], [[], null]);
  await failsWith(Promise.resolve(probes!.toggleFamily("FS")), /The trace has ended/);
  await failsWith(Promise.resolve(probes!.toggleMatching("read")), /The trace has ended/);
  await failsWith(Promise.resolve(probes!.setAll(false)), /The trace has ended/);
  assert.equal(await counted(), 1);
  await session[Symbol.asyncDispose]();
  assert.deepEqual(published, {
    stats: null,
    rows: null,
    sessions: null,
    mapped: null,
    trie: null,
    probes: null,
    setFilter: null,
    turnRows: null,
  });
  assert.equal(await stats!.snapshot(), null);
  await failsWith(Promise.resolve(trie!.version()), /The trace has ended/);
  assert.deepEqual(capture.told.map(({ kind }) => kind), ["attach", "disable", "dispose"]);
});

Deno.test("Answers that come after a session is given back are dropped", async () => {
  const { session, published } = await startSession();
  const late = [published.stats!.snapshot(), published.trie!.snapshotJson(), published.setFilter!(FIRST)];
  const outcomes = Promise.allSettled(late);
  await session[Symbol.asyncDispose]();
  const [stats, ...others] = await outcomes;
  assert.deepEqual(stats, { status: "fulfilled", value: null });
  for (const outcome of others) {
    assert.ok(outcome.status === "rejected" && /The trace has ended/.test(outcome.reason.message));
  }
});

Deno.test("A session that cannot begin leaves nothing behind, and publishes nothing", async () => {
  const { bindings, published } = fakeInterface();
  const plan = { ...PLAN, flame: { ...PLAN.flame, maxNodes: 1 } };
  let capture!: FakeCapture;
  const start = traceStarterWith(
    (traced) => prepareWith((options) => capture = new FakeCapture(options), traced),
    plan,
  );
  await failsWith(
    start(emptyTraceContext().withBindings(bindings).withFilter(FIRST)),
    /Cannot keep 1 nodes of a flamegraph/,
  );
  assert.deepEqual(capture.told, [{ kind: "dispose" }]);
  assert.ok(Object.values(published).every((source) => source === null));
});

Deno.test("A recorder that comes later gets the calls from then on, with the names that it has missed", async () => {
  const { session, capture, arrived, lent } = await startSession();
  await using _given = session;
  capture.record([{ nr: READ }], TASK);
  await arrived(1);
  const recorder = lent.recorder = new FakeRecorder();
  capture.record([{ nr: READ }, { nr: WRITE }]);
  await arrived(3);
  capture.record([{ nr: READ }], { tasks: [taskName(2, 71)] });
  await arrived(4);
  lent.recorder = null;
  capture.record([{ nr: READ }]);
  await arrived(5);
  assert.deepEqual(recorder.batches, [
    { length: 2, firstSeq: 2, tasks: [1] },
    { length: 1, firstSeq: 4, tasks: [2] },
  ]);
  const second = lent.recorder = new FakeRecorder();
  capture.record([{ nr: READ }]);
  await arrived(6);
  assert.deepEqual(second.batches, [{ length: 1, firstSeq: 6, tasks: [1, 2] }]);
});

Deno.test("A snapshot can begin a new baseline: every call is in exactly one of them", async () => {
  const { session, capture, published, counted, arrived } = await startSession();
  await using _given = session;
  capture.record([{ nr: READ }, { nr: WRITE }], TASK);
  await arrived(2);
  assert.equal((await published.stats!.snapshotAndReset())?.calls, 2);
  capture.record([{ nr: READ }]);
  await arrived(3);
  assert.equal(await counted(), 1);
});

Deno.test("A new baseline that begins while the trace ends has everything that was recorded", async () => {
  const { session, capture, published, arrived } = await startSession();
  await using _session = session;
  capture.record([{ nr: READ }], TASK);
  await arrived(1);
  capture.record([{ nr: READ }]);
  const stopped = session.stop();
  assert.equal((await published.stats!.snapshotAndReset())?.calls, 2);
  await stopped;
});

Deno.test("A snapshot has what the kernel has added up by then", async () => {
  const { session, capture, counted } = await startSession({ addsUp: true });
  await using _given = session;
  for (const calls of [5, 12, 13]) {
    const before = await counted();
    capture.sums = sumsOf([READ, calls]);
    assert.equal(await counted(), before! + calls);
  }
});

Deno.test("A session says when the trace began, how it goes, and what it had counted at its end", async () => {
  const { session, capture, arrived } = await startSession();
  await using _given = session;
  capture.record([{ nr: READ }], TASK);
  await arrived(1);
  assert.deepEqual([session.commandPid, session.commandEnded], [null, null]);
  assert.equal(typeof session.facts.startedWallNs, "bigint");
  assert.equal(session.figures().calls, 1);
  await session.stop();
  assert.equal((await session.result()).calls, 1);
});

Deno.test("A trace that is started again goes on with rows, numbers, times and recorder, and what comes late is dropped", async () => {
  const { bindings, published, lent } = fakeInterface();
  const captures: FakeCapture[] = [];
  const starts: unknown[] = [];
  const prepareTrace: typeof prepareWith extends (load: never, plan: infer Plan) => infer Result
    ? (plan: Plan) => Result
    : never = (plan) =>
      prepareWith((options) => {
        starts.push(options.start);
        captures.push(new FakeCapture(options));
        return captures.at(-1)!;
      }, plan);
  const context = emptyTraceContext().withBindings(bindings).withFilter(FIRST);
  const first = await (await prepareSessionWith(prepareTrace, PLAN, context)).start();
  const recorder = lent.recorder = new FakeRecorder();
  const arrived = async (session: typeof first, calls: number) => {
    await waitFor(() => session.progress().calls >= calls || null, { what: "calls", timeoutMs: 60_000 });
  };
  captures[0].record([{ nr: READ }, { nr: WRITE }], TASK);
  await arrived(first, 2);
  await published.probes!.toggle("close");
  const intended = published.probes!.intended();

  const changed = { ...PLAN, ringBytes: 8192, start: first.facts.start };
  const prepared = await prepareSessionWith(prepareTrace, changed, context.withCalls(intended));
  captures[0].record([{ nr: READ }]);
  await arrived(first, 3);
  assert.deepEqual(captures[1].told, [], "it is only loaded while the first one runs");
  const { stats } = { ...published };
  const late = stats!.snapshot();
  await first.stop();
  first.withdraw();
  await using second = await prepared.start();
  await first[Symbol.asyncDispose]();
  assert.equal(await late, null);
  assert.notEqual(published.stats, null, "the end of the first one takes nothing back of the second");
  assert.deepEqual(starts, [undefined, first.facts.start]);
  assert.deepEqual(published.probes!.intended(), intended);

  captures[1].record([{ nr: WRITE }], { tasks: [taskName(1, 99)] });
  await arrived(second, 1);
  const rows = published.rows!.snapshot().flatMap((row) =>
    "syscall" in row ? [[row.seq, row.syscall, row.pid]] : []
  );
  assert.deepEqual(rows, [[1, "read", 70], [2, "write", 70], [3, "read", 70], [4, "write", 99]]);
  assert.deepEqual(recorder.batches.map(({ firstSeq, tasks }) => [firstSeq, tasks]), [
    [1, [1]],
    [3, []],
    [4, [1]],
  ]);
});

Deno.test("A trace that cannot be started again leaves the running one as it is", async () => {
  const { session, capture, published, counted, arrived } = await startSession();
  await using _given = session;
  const { bindings } = fakeInterface();
  const context = emptyTraceContext().withBindings(bindings).withFilter(FIRST);
  const refused = prepareSessionWith(
    () => Promise.reject(new IorError("runtime", "No memory")),
    PLAN,
    context,
  );
  await failsWith(refused, /No memory/);
  capture.record([{ nr: READ }], TASK);
  await arrived(1);
  assert.equal(await counted(), 1);
  assert.notEqual(published.probes, null);
});
