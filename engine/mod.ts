/**
 * The engine: sessions, statistics, workers.
 *
 * @module
 */
export type { BatchConsumer } from "./batch_consumer.ts";
export { BatchCopies } from "./batch_copies.ts";
export { machineArch } from "../bpf/mod.ts";
export { callingUser } from "./calling_user.ts";
export { abandonTarget } from "./recording/abandon_target.ts";
export type { CallingUser } from "./calling_user.ts";
export type { CommandPlan, CommandStatus } from "./command.ts";
export { OwnSignals } from "./own_signals.ts";
export { RowBuilder } from "./event_rows.ts";
export { replay } from "./replay/replay.ts";
export { BatchFilter, batchFilter } from "./replay/batch_filter.ts";
export { LiveSession, traceStarter } from "./session.ts";
export type { SessionFacts, TracePlan, TraceSummary } from "./session.ts";
export { emptyTraceContext } from "./trace_context.ts";
export { StreamRing } from "./stream_ring.ts";
export { RecorderClient } from "./workers/recorder_client.ts";
export { FlameClient } from "./workers/flame_client.ts";
export { StatsClient } from "./workers/stats_client.ts";
export type { WorkerOptions } from "./workers/worker_channel.ts";
