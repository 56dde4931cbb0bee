import assert from "node:assert/strict";
import { callRecord, decoding, feed, groupRecord, taskRecord } from "./records.ts";

const namesOf = (tasks: { slot: number; cgroup?: string }[]) =>
  tasks.map(({ slot, cgroup }) => [slot, cgroup]);

Deno.test("a task has the name of the control group that was announced under its id", () => {
  const { decoder } = decoding(null);
  feed(
    decoder,
    groupRecord(5n, "/"),
    groupRecord(2n ** 40n, "/a/b"),
    taskRecord({ taskId: 1, group: 2n ** 40n }),
    taskRecord({ taskId: 2, group: 5n }),
    taskRecord({ taskId: 3, group: 6n }),
    taskRecord({ taskId: 4 }),
    callRecord(),
  );
  assert.deepEqual(namesOf(decoder.takeBatch()!.tasks), [[1, "/a/b"], [2, "/"], [3, undefined], [
    4,
    undefined,
  ]]);
});

Deno.test("the name of a group is made of its path, and a group announced again has its new name", () => {
  const { decoder } = decoding(null, { groupName: (path) => `<${path}>` });
  feed(decoder, groupRecord(5n, "/a"), taskRecord({ taskId: 1, group: 5n }));
  feed(decoder, groupRecord(5n, "/b"), taskRecord({ taskId: 2, group: 5n }), callRecord());
  assert.deepEqual(namesOf(decoder.takeBatch()!.tasks), [[1, "</a>"], [2, "</b>"]]);
});

Deno.test("a condition on groups is judged by the name of the task's group, and told to the kernel", () => {
  const { decoder, rejectedTasks } = decoding("cgroup ~ ^/a/");
  feed(
    decoder,
    groupRecord(5n, "/a/b"),
    groupRecord(6n, "/c"),
    taskRecord({ taskId: 1, group: 5n }),
    taskRecord({ taskId: 2, group: 6n }),
    taskRecord({ taskId: 3 }),
    ...[1, 2, 3].map((taskId) => callRecord({ taskId, ret: BigInt(taskId) })),
  );
  const { length, columns } = decoder.takeBatch()!;
  assert.deepEqual([length, columns.ret[0]], [1, 1n]);
  assert.deepEqual(rejectedTasks, [2, 3]);
});

Deno.test("a group's record of a wrong length is an error", () => {
  const whole = groupRecord(5n, "/a/b");
  for (const bytes of [whole.subarray(0, 28), whole.subarray(0, whole.length - 2)]) {
    assert.throws(() => feed(decoding(null).decoder, bytes.slice()), /Cannot decode a control group's name/);
  }
});
