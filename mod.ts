/**
 * ior as a library: traces, rows, statistics, recordings and filters, and the contracts that an interface of one's own
 * is built on. docs/library.md has examples of each.
 *
 * ```ts ignore
 * import { startTrace } from "@ior/ior";
 *
 * await using trace = await startTrace({ command: ["ls", "/etc"], rows: true });
 * for await (const { syscall, path, latencyNs } of trace.rows()) console.log(syscall, path, latencyNs);
 * const { calls, loss } = await trace.ended;
 * ```
 *
 * @module
 */
export type { CallCells, CellColumns, SlowLimits } from "./runtime/call_cells.ts";
export type { Sampling } from "./runtime/sampling.ts";
export type {
  Configurator,
  EventIngester,
  EventSink,
  FamilyProbes,
  FileSessionSource,
  LiveFilterSetter,
  LiveTrieSource,
  MappedIoSource,
  MaybePromise,
  Player,
  ProbeManager,
  ProbeState,
  Progress,
  Recorder,
  RecorderStatus,
  ResettableSnapshotSource,
  RowsSwitch,
  RuntimePublisher,
  RuntimeState,
  SnapshotSource,
  Snapshotter,
  StreamSequencer,
  StreamSource,
  TraceContext,
  TraceRuntimeBindings,
  TraceSession,
  TraceStarter,
} from "./runtime/contracts.ts";
export { errorFromData, errorToData, IorError } from "./runtime/errors.ts";
export type { Access, FileSession, SessionsResult, SessionState } from "./runtime/file_sessions.ts";
export type { ErrorData, Excerpt, IorErrorCode, IorErrorOptions, IorErrorReason } from "./runtime/errors.ts";
export {
  columnsBuffer,
  columnsFromBuffer,
  createColumns,
  EventFlag,
  NO_FD,
  NO_FILE,
} from "./runtime/event_batch.ts";
export type { EventBatch, EventColumns, ExtraColumns, FileName, TaskName } from "./runtime/event_batch.ts";
export { SumField } from "./runtime/metric_sums.ts";
export type { MetricSums, SumRows } from "./runtime/metric_sums.ts";
export { OTHER_FRAME, TRIE_FIELDS, TRIE_METRICS } from "./runtime/flame.ts";
export type { FlameProfile, TrieField, TrieMetric, TrieNode } from "./runtime/flame.ts";
export { MAX_TRIE_NODES } from "./runtime/flame_messages.ts";
export type { FlameConfig } from "./runtime/flame_messages.ts";
export { isFailed } from "./runtime/outcome.ts";
export { LOSS_KINDS, lossOf, UNKNOWN_LOSS } from "./runtime/loss.ts";
export type { Cost, Loss, LossBy, LossKind } from "./runtime/loss.ts";
export type { StatsConfig } from "./runtime/messages.ts";
export { SEGMENT_LIMITS } from "./runtime/recording.ts";
export type { RecordingEnd, RecordingStart, RecordingTarget, SegmentLimits } from "./runtime/recording.ts";
export { REPORT_SCHEMA, ROWS_SCHEMA } from "./runtime/report.ts";
export type {
  Report,
  ReportCut,
  ReportGroupRow,
  ReportGroups,
  ReportHeader,
  ReportHistogram,
  ReportMapped,
  ReportMappedIo,
  ReportMeasures,
  ReportRunning,
  ReportSampling,
  ReportSeries,
  ReportTrigger,
} from "./runtime/report.ts";
export type { ExactInteger } from "./runtime/exact_integer.ts";
export type { MappedFile, MappedIo } from "./runtime/mapped_io.ts";
export type { RunningCall, StreamRow, UringRequests, WarningRow } from "./runtime/row.ts";
export {
  cloneFilter,
  compileFilter,
  emptyFilter,
  filterEquals,
  formatFilter,
  parseFilter,
} from "./runtime/filter/mod.ts";
export { CALL_EXTRAS, FIELDS } from "./runtime/expression/mod.ts";
export type {
  CallExtra,
  Comparison,
  Expression,
  Field,
  FieldsOf,
  NumberComparison,
  NumberField,
  NumberOperator,
  Pattern,
  TextComparison,
  TextField,
  TextOperator,
} from "./runtime/expression/mod.ts";
export type { CallSet, Filter, FilterRow } from "./runtime/filter/mod.ts";
export { FILE_USES, GROUP_KEYS, OPTIONAL_TABLES, OTHER_NAME } from "./runtime/stats.ts";
export type {
  BucketData,
  CommandStats,
  DirectoryStats,
  ErrorStats,
  ExtraMeasures,
  FamilyStats,
  FileStats,
  FileUse,
  GroupKey,
  GroupRow,
  GroupStats,
  GroupValue,
  LeftOut,
  Measures,
  MeasuresWithLatency,
  OptionalTable,
  ProcessStats,
  SeriesStats,
  SnapshotRequest,
  StatsSnapshot,
  SyscallStats,
  UsePlace,
  UseStats,
  WaitingStats,
} from "./runtime/stats.ts";
export { WAITING_KINDS } from "./runtime/waiting.ts";
export type { WaitingKind } from "./runtime/waiting.ts";
export { familyFilter } from "./runtime/filter/family_filter.ts";
export { FAMILIES } from "./runtime/syscalls/mod.ts";
export type { Arch, Family } from "./runtime/syscalls/mod.ts";
export {
  callingUser,
  CountingClient,
  emptyTraceContext,
  FlameClient,
  HeldCommand,
  machineArch,
  prepare,
  RecorderClient,
  RowBuilder,
  StatsClient,
  StreamRing,
  traceStarter,
  WorkerClient,
} from "./engine/mod.ts";
export type {
  AttachedTrace,
  BatchChannel,
  BatchConsumer,
  BatchKeeper,
  BatchReader,
  CallingUser,
  CallSwitches,
  CaptureStart,
  CommandPlan,
  CommandStatus,
  Consumer,
  CountingChannel,
  EndedTrace,
  GroupPlan,
  GroupTarget,
  LivePlan,
  LiveSession,
  PreparedTrace,
  RunningTrace,
  TraceFacts,
  TraceFigures,
  TracePlan,
  WorkerOptions,
} from "./engine/mod.ts";
export { readRows, startTrace, Trace } from "./engine/library/mod.ts";
export type { TraceOptions } from "./engine/library/mod.ts";
export { openRecording } from "./engine/recording/mod.ts";
export type { Recording } from "./engine/recording/mod.ts";
