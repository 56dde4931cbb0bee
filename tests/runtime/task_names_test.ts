import assert from "node:assert/strict";
import type { TaskName } from "../../runtime/event_batch.ts";
import { TaskNames } from "../../runtime/task_names.ts";
import { random, testSeed } from "../engine/batches.ts";

Deno.test("a slot has the name it was given last, with every field", () => {
  const names = new TaskNames();
  assert.equal(names.get(0), undefined);
  const first = {
    slot: 3,
    pid: 4_194_304,
    tid: 2,
    uid: 2 ** 32 - 1,
    gid: 2 ** 32 - 2,
    comm: "",
    processStartNs: -(2 ** 53) + 1,
  };
  names.set(first);
  assert.deepEqual(names.get(3), first);
  assert.equal(names.get(2), undefined);
  const second = { slot: 3, pid: 7, tid: 8, uid: 0, comm: "née", cgroup: "/a", processStartNs: 12.5 };
  names.set(second);
  assert.deepEqual(names.get(3), second);
  names.set(first);
  assert.deepEqual(names.get(3), first, "the control group of the name before is gone, as its group was");
});

Deno.test("any names in any slots are those that were given", () => {
  const draw = random(testSeed());
  const next = (end: number) => Math.floor(end * draw());
  const names = new TaskNames();
  const given = new Map<number, TaskName>();
  for (let i = 0; i < 20_000; i++) {
    const slot = next(5_000);
    const name = {
      slot,
      pid: next(4_194_305),
      tid: next(4_194_305),
      uid: next(1000),
      ...(next(2) === 0 ? {} : { gid: next(1000) }),
      comm: `name-${next(9_000)}`,
      ...(next(2) === 0 ? {} : { cgroup: `/group-${next(10)}` }),
      processStartNs: next(2 ** 31) - 2 ** 30,
    };
    names.set(name);
    given.set(slot, name);
  }
  assert.deepEqual([...names.all()], [...given.values()].sort((a, b) => a.slot - b.slot));
});
