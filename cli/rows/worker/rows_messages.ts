/**
 * Messages between the main thread and a rows worker: closed unions keyed by `kind`, plain data only. Every request carries
 * an `id` and is answered once, with the same `id`. The protocol version is in runtime/messages.ts.
 */
import type { DoneReply, FailedReply, IngestRequest } from "../../../runtime/messages.ts";
import type { Arch } from "../../../runtime/syscalls/types.ts";
import type { RowFormatName, RowFormatOptions } from "../format.ts";

/** What a rows worker is built with. */
export interface RowsConfig {
  /** Architecture whose call numbers the batches carry. */
  arch: Arch;
  format: RowFormatName;
  options: RowFormatOptions;
}

/** From the main thread. The answer to a batch carries its text. */
export type RowsRequest =
  | IngestRequest
  | { kind: "hello"; id: number; protocol: number; config: RowsConfig };

/** From the worker. */
export type RowsReply = DoneReply | FailedReply;
