/**
 * The engine: sessions, statistics, workers.
 *
 * @module
 */
export type { BatchConsumer, BatchKeeper, BatchReader, Consumer } from "./batch_consumer.ts";
export { examineMachine, kernelCalls, machineArch } from "../bpf/mod.ts";
export type {
  CallPresence,
  CaptureStart,
  GroupPlan,
  GroupTarget,
  KernelFeature,
  MachineFacts,
} from "../bpf/mod.ts";
export { callingUser, environmentOf } from "./calling_user.ts";
export type { CallingUser } from "./calling_user.ts";
export { HeldCommand } from "./command.ts";
export type { CommandPlan, CommandStatus } from "./command.ts";
export { calledProgram, startingFile } from "./launch/helper.ts";
export { startInTurn } from "./launch/own_start.ts";
export { OwnSignals } from "./own_signals.ts";
export { RowBuilder } from "./event_rows.ts";
export { replay } from "./replay/replay.ts";
export { BatchFilter, batchFilter } from "./replay/batch_filter.ts";
export { planGroups } from "./groups/plan_groups.ts";
export type { GroupChoice } from "./groups/plan_groups.ts";
export { ownStarting } from "./session/own_starting.ts";
export { prepare } from "./session/prepare.ts";
export type { TracePlan } from "./session/prepare.ts";
export type { AttachedTrace, PreparedTrace, TraceFacts } from "./session/prepared_trace.ts";
export type { EndedTrace, RunningTrace, TraceFigures } from "./session/running_trace.ts";
export { RowSequencer } from "./sequencer.ts";
export { prepareSession, traceStarter } from "./session/trace_starter.ts";
export type { LivePlan, LiveSession, PreparedSession } from "./session/trace_starter.ts";
export { tryTrace } from "./session/try_trace.ts";
export type { TriedCall } from "./session/try_trace.ts";
export type { CallSwitches } from "./session/trace_parts.ts";
export { emptyTraceContext } from "./trace_context.ts";
export { StreamRing } from "./stream_ring.ts";
export { RecorderClient } from "./workers/recorder_client.ts";
export { FlameClient } from "./workers/flame_client.ts";
export { StatsClient } from "./workers/stats_client.ts";
export { StatsFlameClient } from "./workers/stats_flame_client.ts";
export { CountingClient } from "./workers/counting_client.ts";
export type { CountingChannel } from "./workers/counting_client.ts";
export { WorkerClient } from "./workers/worker_client.ts";
export type { BatchChannel } from "./workers/worker_client.ts";
export type { WorkerOptions } from "./workers/worker_channel.ts";
