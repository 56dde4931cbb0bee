/**
 * Proofs that each concrete class keeps its contract: drift breaks the type check, which the gate of the project's
 * types runs. The casts of this file go one way only, from the class to the contract, and none is unchecked.
 */
import assert from "node:assert/strict";
import type { TopInterface } from "../../cli/top/interface.ts";
import type { BatchConsumer } from "../../engine/batch_consumer.ts";
import type { FlameTrie } from "../../engine/flame/flame_trie.ts";
import type { RecorderFeed } from "../../engine/recorder_feed.ts";
import type { LivePlan } from "../../engine/session/trace_starter.ts";
import { traceStarter } from "../../engine/session/trace_starter.ts";
import type { Probes } from "../../engine/session/probes.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import type { StatsEngine } from "../../engine/stats/stats_engine.ts";
import type { StreamFeed } from "../../engine/stream_feed.ts";
import type { StreamRing } from "../../engine/stream_ring.ts";
import { emptyTraceContext } from "../../engine/trace_context.ts";
import type { FlameClient } from "../../engine/workers/flame_client.ts";
import type { RecorderClient } from "../../engine/workers/recorder_client.ts";
import type { StatsClient } from "../../engine/workers/stats_client.ts";
import type {
  Configurator,
  EventIngester,
  EventSink,
  LiveTrieSource,
  ProbeManager,
  Recorder,
  ResettableSnapshotSource,
  RuntimePublisher,
  SnapshotSource,
  StreamSequencer,
  TraceContext,
  TraceRuntimeBindings,
  TraceSession,
  TraceStarter,
} from "../../runtime/contracts.ts";
import type { FlameReply, FlameRequest } from "../../runtime/flame_messages.ts";
import type { IorError } from "../../runtime/errors.ts";
import type { RecorderReply, RecorderRequest } from "../../runtime/recorder_messages.ts";
import type { StatsReply, StatsRequest } from "../../runtime/messages.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";

/** Compiles only when the first type can stand for the second. */
type Proof<_Concrete extends Contract, Contract> = true;

/** What the classes are proved to be; `true` by the type checker's word alone. */
const PROOFS: {
  statsEngineIngests: Proof<StatsEngine, EventIngester>;
  statsEngineGivesSnapshots: Proof<StatsEngine, SnapshotSource>;
  statsClientIngests: Proof<StatsClient, EventIngester>;
  statsClientGivesSnapshots: Proof<StatsClient, SnapshotSource>;
  statsClientBeginsAgain: Proof<StatsClient, ResettableSnapshotSource>;
  recorderFeedTakesTheSessionsBatches: Proof<RecorderFeed, BatchConsumer>;
  topInterfaceBinds: Proof<TopInterface, TraceRuntimeBindings>;
  statsClientTakesTheSessionsBatches: Proof<StatsClient, BatchConsumer>;
  statsClientIsGivenBack: Proof<StatsClient, AsyncDisposable>;
  rowSequencerNumbers: Proof<RowSequencer, StreamSequencer>;
  sessionsAreGivenBack: Proof<TraceSession, AsyncDisposable>;
  probesAreManaged: Proof<Probes, ProbeManager>;
  bindingsPublish: Proof<TraceRuntimeBindings, RuntimePublisher>;
  starter: Proof<ReturnType<typeof traceStarter>, TraceStarter>;
  everyRequestIsAnswered: Proof<StatsRequest["id"], StatsReply["id"]>;
  flameTrieIngests: Proof<FlameTrie, EventIngester>;
  flameTrieIsConfigured: Proof<FlameTrie, Configurator>;
  flameClientIsTheLiveTrie: Proof<FlameClient, LiveTrieSource>;
  flameClientIngests: Proof<FlameClient, EventIngester>;
  flameClientTakesTheSessionsBatches: Proof<FlameClient, BatchConsumer>;
  flameClientIsGivenBack: Proof<FlameClient, AsyncDisposable>;
  everyFlameRequestIsAnswered: Proof<FlameRequest["id"], FlameReply["id"]>;
  streamRingTakesRows: Proof<StreamRing, EventSink>;
  streamFeedTakesTheSessionsBatches: Proof<StreamFeed, BatchConsumer>;
  recorderClientRecords: Proof<RecorderClient, Recorder>;
  recorderClientTakesTheSessionsBatches: Proof<RecorderClient, BatchConsumer>;
  recorderClientIsGivenBack: Proof<RecorderClient, AsyncDisposable>;
  everyRecorderRequestIsAnswered: Proof<RecorderRequest["id"], RecorderReply["id"]>;
  errorsAreErrors: Proof<IorError, Error>;
} = {
  statsEngineIngests: true,
  statsEngineGivesSnapshots: true,
  statsClientIngests: true,
  statsClientGivesSnapshots: true,
  statsClientBeginsAgain: true,
  recorderFeedTakesTheSessionsBatches: true,
  topInterfaceBinds: true,
  statsClientTakesTheSessionsBatches: true,
  statsClientIsGivenBack: true,
  rowSequencerNumbers: true,
  sessionsAreGivenBack: true,
  probesAreManaged: true,
  bindingsPublish: true,
  starter: true,
  everyRequestIsAnswered: true,
  flameTrieIngests: true,
  flameTrieIsConfigured: true,
  flameClientIsTheLiveTrie: true,
  flameClientIngests: true,
  flameClientTakesTheSessionsBatches: true,
  flameClientIsGivenBack: true,
  everyFlameRequestIsAnswered: true,
  streamRingTakesRows: true,
  streamFeedTakesTheSessionsBatches: true,
  recorderClientRecords: true,
  recorderClientTakesTheSessionsBatches: true,
  recorderClientIsGivenBack: true,
  everyRecorderRequestIsAnswered: true,
  errorsAreErrors: true,
};

/** Does not compile, and is told not to: a proof that proofs can fail. */
// @ts-expect-error A sequencer takes no batches.
const _refuted: Proof<RowSequencer, EventIngester> = true;

Deno.test("the classes of the engine are what the contracts say", () => {
  new RowSequencer() satisfies StreamSequencer;
  emptyTraceContext() satisfies TraceContext;
  assert.ok(Object.values(PROOFS).every((proved) => proved));
});

Deno.test("the starter of a plan rejects when the context has no filter, or no bindings", async () => {
  const plan: LivePlan = {
    ringBytes: 4096,
    durationNs: null,
    command: null,
    stats: { arch: "x86_64", maxFiles: 10, maxProcesses: 10, maxSlowest: 1 },
    flame: { arch: "x86_64", fields: ["path"], metric: "count", maxNodes: 10 },
  };
  const start = traceStarter(plan) satisfies TraceStarter;
  await assert.rejects(start(emptyTraceContext()), {
    name: "IorError",
    message: "Cannot start a trace without a filter",
  });
  await assert.rejects(start(emptyTraceContext().withFilter(emptyFilter())), {
    name: "IorError",
    message: "Cannot start a live trace without bindings",
  });
});
