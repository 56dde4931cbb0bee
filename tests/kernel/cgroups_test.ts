/** Control groups that the test makes, with processes that are moved between them. */
import assert from "node:assert/strict";
import { schemaText } from "../../cli/schema/mod.ts";
import { Capture, machineArch } from "../../bpf/mod.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import { emptyFilter, parseFilter } from "../../runtime/filter/mod.ts";
import { syscallByName, syscallNumber } from "../../runtime/syscalls/mod.ts";
import { compileSchema } from "../json_schema.ts";
import { type Actor, actorProgram, startActor, startStream } from "../kernel_lib/actor.ts";
import { makeGroup } from "../kernel_lib/control_groups.ts";
import { runIor } from "../kernel_lib/ior.ts";

const ACCESS = ["-e", "access"];

/** A process that asks for `/NAME/1`, `/NAME/2` and so on, one each time it is let go. */
async function startAsking(name: string, times: number): Promise<Actor & { asks(): Promise<void> }> {
  const steps = Array.from({ length: times }, (_, i) => ["wait", `access:/${name}/${i + 1}`, "tell"]).flat();
  const actor = await startActor(["tell", ...steps, "wait"], 1);
  let asked = 0;
  return {
    ...actor,
    async asks() {
      await actor.go();
      await actor.tells(++asked + 1);
    },
    [Symbol.asyncDispose]: () => actor[Symbol.asyncDispose](),
  };
}

Deno.test("--cgroup traces a group with all below it, also made later, and follows processes that are moved", async () => {
  await using root = makeGroup();
  const [wanted, other] = [root.make("wanted"), root.make("other")];
  const below = wanted.make("below");
  await using first = await startAsking("first", 4);
  await using second = await startAsking("second", 2);
  await using outside = await startAsking("outside", 2);
  wanted.take(first.pid);
  below.take(second.pid);
  other.take(outside.pid);

  const stream = await startStream(["--cgroup", wanted.path, ...ACCESS]);
  for (const process of [first, second, outside]) await process.asks();
  other.take(first.pid);
  await first.asks(); // no row
  wanted.take(first.pid);
  await first.asks();
  const late = below.make("late");
  late.take(outside.pid);
  await outside.asks();
  late.take(first.pid);
  await first.asks();
  root.take(second.pid);
  await second.asks(); // no row
  await stream.sees("/first/4"); // what a signal finds in the ring may be counted in place of being shown
  stream.child.kill("SIGINT");

  const { rows, end, code, stderr } = await stream.rows();
  assert.equal(code, 0, stderr);
  assert.deepEqual(rows.map(({ path, cgroup }) => [path, cgroup]), [
    ["/first/1", wanted.path],
    ["/second/1", below.path],
    ["/first/3", wanted.path],
    ["/outside/2", late.path],
    ["/first/4", late.path],
  ]);
  assert.equal(end.loss.state, "none");
});

Deno.test("A group is found by its directory, its name and by the id of its container, and none is an error", async () => {
  await using root = makeGroup();
  const name = `named_${Deno.pid}`;
  const id = `${Deno.pid.toString(16)}`.padStart(8, "f").padEnd(64, "0");
  const service = root.make(`${name}.service`);
  const container = root.make(`docker-${id}.scope`);
  const inner = container.make("inner");
  const words: [word: string, cgroup: string][] = [
    [service.directory, service.path],
    [service.path, service.path],
    [name, service.path],
    [id.slice(0, 8), `docker:${id.slice(0, 12)}/inner`],
    [`docker:${id.slice(0, 12)}`, `docker:${id.slice(0, 12)}/inner`],
  ];
  for (const [word, cgroup] of words) {
    await using asking = await startAsking("asked", 1);
    (cgroup === service.path ? service : inner).take(asking.pid);
    const stream = await startStream(["--cgroup", word, ...ACCESS]);
    await asking.asks();
    await stream.sees("/asked/1");
    stream.child.kill("SIGINT");
    const { rows } = await stream.rows();
    assert.deepEqual(rows.map((row) => [row.path, row.cgroup]), [["/asked/1", cgroup]], word);
  }
  for (const word of [`${name}x`, `${root.path}/nothing`]) {
    const { code, stderr } = await runIor(["trace", "--cgroup", word, "--", "true"]);
    assert.equal(code, 2);
    assert.match(stderr, /unknown control group/);
  }
});

Deno.test("--by cgroup and --with-cgroup say the group without selecting one; otherwise rows have none", async () => {
  await using root = makeGroup();
  const script = `echo $$ >${root.directory}/cgroup.procs; exec "$0" access:/inside`;
  const command = ["--", "sh", "-c", script, await actorProgram()];
  const { stdout, code } = await runIor(["trace", "--json", "--by", "cgroup,syscall", ...ACCESS, ...command]);
  assert.equal(code, 0);
  const report = JSON.parse(stdout);
  assert.deepEqual(compileSchema(JSON.parse(await schemaText("report")))(report), []);
  const [{ by, rows }] = report.groups as { by: string[]; rows: { cgroup: string; calls: number }[] }[];
  assert.deepEqual(by, ["cgroup", "syscall"]);
  assert.equal(rows.find(({ cgroup }) => cgroup === root.path)!.calls >= 1, true);
  assert.equal(rows.reduce((sum, { calls }) => sum + calls, 0), report.calls);
  const checkRow = compileSchema(JSON.parse(await schemaText("rows")));
  for (const [options, cgroup] of [[["--with-cgroup"], root.path], [[], undefined]] as const) {
    const { stdout } = await runIor(["stream", "--json", ...options, ...ACCESS, ...command]);
    const row = stdout.split("\n").map((line) => line && JSON.parse(line)).find((row) =>
      row.path === "/inside"
    );
    assert.equal(row.cgroup, cgroup);
    assert.deepEqual(checkRow(row), []);
  }
});

Deno.test("The verdict on a name of a group is given anew for a process that is moved", async () => {
  await using root = makeGroup();
  const [wanted, other] = [root.make("wanted"), root.make("other")];
  await using asking = await startAsking("asked", 5);
  const filter = parseFilter(`where cgroup = ${wanted.path}`);
  using capture = await Capture.load({
    selection: { ...emptyFilter(), pids: [asking.pid], syscalls: ["access"], where: filter.where },
    groups: { selected: [], nameOf: (path) => path },
    launches: false,
    ringBytes: 1024 * 1024,
    sequencer: new RowSequencer(),
    epoch: 1,
  });
  const paths: string[] = [];
  const seen: (string | undefined)[] = [];
  const drain = () => {
    const { batch } = capture.drain();
    for (const { slot, path } of batch?.files ?? []) paths[slot] = path;
    for (let i = 0; i < (batch?.length ?? 0); i++) seen.push(paths[batch!.columns.file[i]]);
  };
  capture.attach();
  assert.ok(capture.isCallEnabled(syscallNumber(machineArch(), syscallByName("access")!)!));
  for (const group of [other, wanted, other, other, wanted]) {
    group.take(asking.pid);
    await asking.asks();
    drain(); // the verdict reaches the kernel
  }
  capture.disable();
  drain();
  assert.deepEqual(seen, ["/asked/2", "/asked/5"]);
  assert.equal(capture.loss().state, "none");
});

Deno.test("A trace that does not follow groups refuses a filter on them, and changes nothing", async () => {
  using capture = await Capture.load({
    selection: { ...emptyFilter(), syscalls: ["access"] },
    launches: false,
    ringBytes: 4096,
    sequencer: new RowSequencer(),
    epoch: 1,
  });
  const filter = { ...emptyFilter(), syscalls: ["read"], where: parseFilter("where cgroup ~ a").where };
  assert.throws(() => capture.changeFilter(filter, 2), /Cannot filter by control group/);
});
