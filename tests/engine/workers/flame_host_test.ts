import assert from "node:assert/strict";
import { FlameHost } from "../../../engine/workers/flame_host.ts";
import { columnsBuffer, type EventBatch } from "../../../runtime/event_batch.ts";
import type { TrieField, TrieMetric } from "../../../runtime/flame.ts";
import type { FlameConfig, FlameReply, FlameRequest } from "../../../runtime/flame_messages.ts";
import { PROTOCOL_VERSION } from "../../../runtime/messages.ts";
import { batchOf, taskName } from "../batches.ts";

const CONFIG: FlameConfig = { arch: "x86_64", fields: ["pid", "path"], metric: "count", maxNodes: 100_000 };
const HELLO: FlameRequest = { kind: "hello", id: 1, protocol: PROTOCOL_VERSION, config: CONFIG };

/** More stacks than a snapshot works on at a time. */
const MANY = 20_000;

async function ask<Kind extends FlameReply["kind"]>(
  host: FlameHost,
  request: FlameRequest,
  kind: Kind,
): Promise<Extract<FlameReply, { kind: Kind }>> {
  const { reply } = await host.answer(request);
  assert.equal(reply.kind, kind);
  assert.equal(reply.id, request.id);
  return reply as Extract<FlameReply, { kind: Kind }>;
}

async function failure(host: FlameHost, request: FlameRequest): Promise<string> {
  return (await ask(host, request, "failed")).error.message;
}

/** Each call has a stack of its own. */
function manyStacks(): EventBatch {
  return batchOf(
    Array.from({ length: MANY }, (_, i) => ({ nr: 0, task: 1 + i % 100, file: 1 + Math.floor(i / 100) })),
    {
      tasks: Array.from({ length: 100 }, (_, i) => taskName(i + 1, i + 1)),
      files: Array.from({ length: MANY / 100 }, (_, i) => ({ slot: i + 1, path: `/f${i}` })),
    },
  );
}

function oneCall(): EventBatch {
  return batchOf([{ nr: 0, file: 1 }]);
}

Deno.test("A batch is counted and its buffer given back", async () => {
  const host = new FlameHost();
  assert.deepEqual(await ask(host, HELLO, "done"), { kind: "done", id: 1 });
  const batch = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });
  const { reply, transfer } = await host.answer({ kind: "ingest", id: 2, batch });
  const buffer = columnsBuffer(batch.columns);
  assert.ok(reply.kind === "done" && reply.buffer === buffer && transfer[0] === buffer);
  assert.equal((await ask(host, { kind: "tree", id: 3 }, "tree")).root.t, 1);
  await ask(host, { kind: "reset", id: 4 }, "done");
  assert.equal((await ask(host, { kind: "json", id: 5 }, "json")).json, '{"n":"","v":0,"t":0}');
});

Deno.test("The columns of a profile are transferred, each once", async () => {
  const host = new FlameHost();
  await host.answer(HELLO);
  await host.answer({ kind: "ingest", id: 2, batch: manyStacks() });
  const { reply, transfer } = await host.answer({ kind: "profile", id: 3 });
  assert.ok(reply.kind === "profile");
  assert.equal(new Set(transfer).size, 7);
  const moved = structuredClone(reply.profile, { transfer });
  assert.deepEqual([moved.length, moved.names.length], [MANY + 100 + 1, 100 + MANY / 100 + 1]);
  assert.equal(reply.profile.own.gap.length, 0);
});

Deno.test("Configuration changes, and what is not possible changes nothing", async () => {
  const host = new FlameHost();
  await host.answer(HELLO);
  await ask(host, { kind: "reconfigure", id: 2, fields: ["comm"] }, "done");
  await ask(host, { kind: "set_count_field", id: 3, metric: "bytes" }, "done");
  const { state } = await ask(host, { kind: "state", id: 4 }, "state");
  assert.deepEqual([state.fields, state.metric], [["comm"], "bytes"]);
  const bad = ["inode"] as unknown as TrieField[];
  assert.match(await failure(host, { kind: "reconfigure", id: 5, fields: bad }), /`inode` is unknown/);
  const metric = "width" as TrieMetric;
  assert.match(await failure(host, { kind: "set_count_field", id: 6, metric }), /Cannot count `width`/);
  assert.deepEqual((await ask(host, { kind: "state", id: 7 }, "state")).state, state);
});

for (const kind of ["tree", "json"] as const) {
  Deno.test(`Batches are taken in between two slices of a ${kind} snapshot, which does not have them`, async () => {
    const turns: Promise<unknown>[] = [];
    const host: FlameHost = new FlameHost((): Promise<unknown> => {
      const taken = host.answer({ kind: "ingest", id: 100 + turns.length, batch: oneCall() });
      turns.push(taken);
      return taken;
    });
    await host.answer(HELLO);
    await host.answer({ kind: "ingest", id: 2, batch: manyStacks() });
    const before = (await ask(host, { kind: "state", id: 3 }, "state")).state.version;
    const { reply } = await host.answer({ kind, id: 4 });
    assert.ok(reply.kind === "tree" || reply.kind === "json");
    const root = reply.kind === "tree" ? reply.root : JSON.parse(reply.json);
    assert.ok(turns.length >= 3, `${turns.length} turns`);
    assert.deepEqual([reply.version, root.t], [before, MANY]);
    const later = await ask(host, { kind: "tree", id: 5 }, "tree");
    assert.deepEqual([later.version >= before + 3, later.root.t >= MANY + 3], [true, true]);
  });
}

Deno.test("A batch behind a snapshot is answered first while the snapshot waits for its turn", async () => {
  const gate = Promise.withResolvers<void>();
  const host = new FlameHost(() => gate.promise);
  const answered: string[] = [];
  const answer = async (request: FlameRequest) => {
    const { reply } = await host.answer(request);
    answered.push(`${reply.kind} ${reply.id}`);
  };
  await host.answer(HELLO);
  await host.answer({ kind: "ingest", id: 2, batch: manyStacks() });
  const tree = answer({ kind: "tree", id: 3 });
  await answer({ kind: "ingest", id: 4, batch: oneCall() });
  await answer({ kind: "reset", id: 5 });
  gate.resolve();
  await tree;
  assert.deepEqual(answered, ["done 4", "done 5", "tree 3"]);
});

Deno.test("Another protocol is refused", async () => {
  const message = await failure(new FlameHost(), { ...HELLO, protocol: 999 } as FlameRequest);
  assert.equal(
    message,
    `Cannot start the flame worker: the message protocol is 999, it must be ${PROTOCOL_VERSION}`,
  );
});

Deno.test("Without hello nothing works, and what is unknown is refused", async () => {
  const host = new FlameHost();
  const kinds = ["reset", "state", "profile", "tree", "json"] as const;
  for (const kind of kinds) {
    assert.match(await failure(host, { kind, id: 1 }), /the first message must be `hello`/);
  }
  const unknown = { kind: "dance", id: 8 } as unknown as FlameRequest;
  assert.match(await failure(host, unknown), /its kind is dance/);
});

Deno.test("A batch that cannot be counted is an answer too", async () => {
  const host = new FlameHost();
  await host.answer(HELLO);
  assert.match(
    await failure(host, { kind: "ingest", id: 2, batch: oneCall() }),
    /Cannot name a task: slot 1/,
  );
});
