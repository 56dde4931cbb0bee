/**
 * The engine: sessions, statistics, workers.
 *
 * @module
 */
export type { BatchConsumer } from "./batch_consumer.ts";
export { machineArch } from "../bpf/mod.ts";
export { callingUser } from "./calling_user.ts";
export type { CallingUser } from "./calling_user.ts";
export type { CommandPlan, CommandStatus } from "./command.ts";
export { RowBuilder } from "./event_rows.ts";
export { LiveSession, traceStarter } from "./session.ts";
export type { SessionFacts, TracePlan, TraceSummary } from "./session.ts";
export { emptyTraceContext } from "./trace_context.ts";
export { StatsClient } from "./workers/stats_client.ts";
export type { WorkerOptions } from "./workers/worker_channel.ts";
