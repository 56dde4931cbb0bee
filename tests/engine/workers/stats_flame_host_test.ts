import assert from "node:assert/strict";
import { StatsFlameHost } from "../../../engine/workers/stats_flame_host.ts";
import { columnsBuffer } from "../../../runtime/event_batch.ts";
import { PROTOCOL_VERSION } from "../../../runtime/messages.ts";
import type { StatsFlameRequest } from "../../../runtime/stats_flame_messages.ts";
import { batchOf, taskName } from "../batches.ts";

const HELLO: StatsFlameRequest = {
  kind: "hello",
  id: 1,
  protocol: PROTOCOL_VERSION,
  config: {
    stats: { arch: "x86_64", maxFiles: 10, maxProcesses: 10, maxSlowest: 1 },
    flame: { arch: "x86_64", fields: ["comm"], metric: "count", maxNodes: 100 },
  },
};

async function failure(host: StatsFlameHost, request: StatsFlameRequest): Promise<string> {
  const { reply } = await host.answer(request);
  assert.equal(reply.kind, "failed");
  assert.equal(reply.id, request.id);
  return reply.kind === "failed" ? reply.error.message : "";
}

Deno.test("A batch is counted by both and its buffer given back once", async () => {
  const host = new StatsFlameHost();
  assert.deepEqual((await host.answer(HELLO)).reply, { kind: "done", id: 1 });
  const batch = batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 70)] });
  const { reply, transfer } = await host.answer({ kind: "ingest", id: 2, batch });
  const buffer = columnsBuffer(batch.columns);
  assert.ok(reply.kind === "done" && reply.buffer === buffer && reply.slow !== undefined);
  assert.deepEqual(transfer, [buffer]);
  const { reply: snapshot } = await host.answer({ kind: "snapshot", id: 3 });
  assert.ok(snapshot.kind === "snapshot" && snapshot.snapshot.calls === 2);
  const { reply: profile, transfer: columns } = await host.answer({ kind: "profile", id: 4 });
  assert.ok(profile.kind === "profile" && profile.profile.names.includes("task70"));
  assert.equal(new Set(columns).size, 7);
});

Deno.test("Requests take effect in their order, also when nobody waits for the answers", async () => {
  const host = new StatsFlameHost();
  const answers = [
    host.answer(HELLO),
    host.answer({ kind: "ingest", id: 2, batch: batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] }) }),
    host.answer({ kind: "snapshot", id: 3 }),
    host.answer({ kind: "ingest", id: 4, batch: batchOf([{ nr: 0 }]) }),
  ];
  const { reply } = (await Promise.all(answers))[2];
  assert.ok(reply.kind === "snapshot" && reply.snapshot.calls === 1);
});

Deno.test("Another protocol, a missing hello, unknown kinds and bad batches are answered with what is wrong", async () => {
  assert.equal(
    await failure(new StatsFlameHost(), { ...HELLO, protocol: 999 } as StatsFlameRequest),
    `Cannot start the stats and flame worker: the message protocol is 999, it must be ${PROTOCOL_VERSION}`,
  );
  for (const kind of ["snapshot", "profile"] as const) {
    assert.match(
      await failure(new StatsFlameHost(), { kind, id: 7 }),
      /the first message must be `hello`/,
    );
  }
  const host = new StatsFlameHost();
  await host.answer(HELLO);
  assert.match(
    await failure(host, { kind: "reset", id: 8 } as unknown as StatsFlameRequest),
    /its kind is reset/,
  );
  assert.match(
    await failure(host, { kind: "ingest", id: 9, batch: batchOf([{ nr: 0, task: 4 }]) }),
    /slot 4/,
  );
});
