/** Records as the kernel programs write them, made from the offsets of `bpf/wire.ts`, and decoders that take them. */
import { Decoder, type DecoderOptions } from "../../bpf/decoder.ts";
import { NameJudge } from "../../bpf/judge.ts";
import { BIG_NR, FileType, NameKind, Offset, RecordFlag, Size, TextStatus } from "../../bpf/wire.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import { type EventBatch, NO_FD } from "../../runtime/event_batch.ts";
import { parseExpression } from "../../runtime/expression/mod.ts";
import { emptyFilter, splitFilter } from "../../runtime/filter/mod.ts";
import type { Arch } from "../../runtime/syscalls/mod.ts";

/** `gap_ns` of a thread's first call. */
export const NO_NS = 0xffff_ffff_ffff_ffffn;
/** `size` of a call without one. */
export const NO_SIZE = 0xffff_ffff;

/** A record's bytes. */
export type RecordBytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const bytesOf = (text: string | Uint8Array) => typeof text === "string" ? encoder.encode(text) : text;

function joined(...parts: Uint8Array[]): RecordBytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Fields of a call; what is left out is a plain successful call of task 1 without files. */
export interface CallFields {
  nr?: number;
  restarts?: number;
  flags?: number;
  taskId?: number;
  enterNs?: bigint;
  durationNs?: bigint;
  gapNs?: bigint;
  ret?: bigint;
  fileId?: number;
  file2Id?: number;
  fd?: number;
  size?: number;
}

/** A call_record. */
export function callRecord(fields: CallFields = {}): RecordBytes {
  const view = new DataView(new ArrayBuffer(Size.call_record));
  const at = Offset.call_record;
  view.setUint16(at.nr, fields.nr ?? 0, true);
  view.setUint8(at.restarts, fields.restarts ?? 0);
  view.setUint8(at.flags, fields.flags ?? 0);
  view.setUint32(at.task_id, fields.taskId ?? 1, true);
  view.setBigUint64(at.enter_ns, fields.enterNs ?? 1000n, true);
  view.setBigUint64(at.duration_ns, fields.durationNs ?? 100n, true);
  view.setBigUint64(at.gap_ns, fields.gapNs ?? NO_NS, true);
  view.setBigInt64(at.ret, fields.ret ?? 0n, true);
  view.setUint32(at.file_id, fields.fileId ?? 0, true);
  view.setUint32(at.file2_id, fields.file2Id ?? 0, true);
  view.setInt32(at.fd, fields.fd ?? NO_FD, true);
  view.setUint32(at.size, fields.size ?? NO_SIZE, true);
  return new Uint8Array(view.buffer);
}

/** The texts of a call: those that are given are there. */
export interface Texts {
  path?: string | Uint8Array;
  oldPath?: string | Uint8Array;
  /** Number of the directory the path is relative to, 0 for the root. */
  base?: number;
  oldBase?: number;
  /** {@linkcode TextStatus} bits beside those of the texts that are there. */
  status?: number;
}

/** A call_record with a call_text and its texts. */
export function textRecord(fields: CallFields, texts: Texts): RecordBytes {
  const view = new DataView(new ArrayBuffer(Size.call_text));
  const at = Offset.call_text;
  const path = texts.path === undefined ? null : bytesOf(texts.path);
  const oldPath = texts.oldPath === undefined ? null : bytesOf(texts.oldPath);
  view.setUint32(at.base_id, texts.base ?? 0, true);
  view.setUint32(at.old_base_id, texts.oldBase ?? 0, true);
  view.setUint16(at.length, path?.length ?? 0, true);
  view.setUint16(at.old_length, oldPath?.length ?? 0, true);
  const present = (path ? TextStatus.PATH : 0) | (oldPath ? TextStatus.OLD : 0);
  view.setUint32(at.status, present | (texts.status ?? 0), true);
  const withNul = (text: Uint8Array | null) => text ? joined(text, Uint8Array.of(0)) : new Uint8Array(0);
  return joined(
    callRecord({ ...fields, flags: (fields.flags ?? 0) | RecordFlag.TEXT }),
    new Uint8Array(view.buffer),
    withNul(path),
    withNul(oldPath),
  );
}

/** The record of a call, with or without texts, and what else is known of the call. */
export function withExtra(
  record: RecordBytes,
  extra: {
    iowaitNs?: bigint;
    blockedNs?: bigint;
    runqueueNs?: bigint;
    fetchedBytes?: bigint;
    stackId?: number;
    argument?: bigint;
  },
): RecordBytes {
  const view = new DataView(new ArrayBuffer(Size.call_extra));
  const at = Offset.call_extra;
  view.setBigUint64(at.iowait_ns, extra.iowaitNs ?? 0n, true);
  view.setBigUint64(at.blocked_ns, extra.blockedNs ?? 0n, true);
  view.setBigUint64(at.runqueue_ns, extra.runqueueNs ?? 0n, true);
  view.setBigUint64(at.fetched_bytes, extra.fetchedBytes ?? 0n, true);
  view.setUint32(at.stack_id, extra.stackId ?? 0, true);
  view.setBigInt64(at.argument, extra.argument ?? 0n, true);
  return joined(
    record.subarray(0, Size.call_record),
    new Uint8Array(view.buffer),
    record.subarray(Size.call_record),
  );
}

/** The record of a stack of these addresses in a process; the number of its program's file is 0 for none. */
export function stackRecord(stackId: number, addresses: readonly bigint[], fileId = 0): RecordBytes {
  const view = new DataView(new ArrayBuffer(Size.stack_record + addresses.length * Size.stack_frame));
  const at = Offset.stack_record;
  view.setUint16(0, BIG_NR, true);
  view.setUint8(2, NameKind.STACK);
  view.setUint8(3, RecordFlag.NAME);
  view.setUint32(at.stack_id, stackId, true);
  view.setUint32(at.pid, 70, true);
  view.setUint32(at.file_id, fileId, true);
  view.setBigUint64(at.process_start_ns, 5n, true);
  view.setUint32(at.exec, 2, true);
  view.setUint16(at.frames, addresses.length, true);
  addresses.forEach((address, i) =>
    view.setBigUint64(Size.stack_record + i * Size.stack_frame + Offset.stack_frame.offset, address, true)
  );
  return new Uint8Array(view.buffer);
}

/** Fields of a task; what is left out is thread 100 of process 100, user 1000, group 100. */
export interface TaskFields {
  taskId?: number;
  pid?: number;
  tid?: number;
  uid?: number;
  gid?: number;
  comm?: string | Uint8Array;
  processStartNs?: bigint;
  /** Id of its control group; default none. */
  group?: bigint;
}

/** A task_record. */
export function taskRecord(fields: TaskFields = {}): RecordBytes {
  const bytes = new Uint8Array(Size.task_record);
  const view = new DataView(bytes.buffer);
  const at = Offset.task_record;
  writeNameHeader(view, NameKind.TASK);
  view.setUint32(at.task_id, fields.taskId ?? 1, true);
  view.setUint32(at.pid, fields.pid ?? 100, true);
  view.setUint32(at.tid, fields.tid ?? fields.pid ?? 100, true);
  view.setUint32(at.uid, fields.uid ?? 1000, true);
  view.setUint32(at.gid, fields.gid ?? 100, true);
  bytes.set(bytesOf(fields.comm ?? "cat").subarray(0, 16), at.comm);
  view.setBigInt64(at.process_start_ns, fields.processStartNs ?? -5000n, true);
  view.setBigUint64(at.group, fields.group ?? 0n, true);
  return bytes;
}

/** The record of a control group's path: a file_record of another kind. */
export function groupRecord(id: bigint, path: string): RecordBytes {
  const components = path.split("/").filter((part) => part !== "").reverse();
  const bytes = fileRecord({ fileId: 0, inode: id, magic: 0 }, leafFirst(...components));
  writeNameHeader(new DataView(bytes.buffer), NameKind.GROUP);
  return bytes;
}

function writeNameHeader(view: DataView, kind: number): void {
  view.setUint16(Offset.call_record.nr, BIG_NR, true);
  view.setUint8(Offset.call_record.restarts, kind);
  view.setUint8(Offset.call_record.flags, RecordFlag.NAME);
}

/** Fields of a call that had not returned; what is left out is a read of thread 100. */
export interface RunningFields {
  pid?: number;
  tid?: number;
  fileId?: number;
  nr?: number;
  enterNs?: bigint;
  comm?: string;
}

/** A running_record. */
export function runningRecord(fields: RunningFields = {}): RecordBytes {
  const bytes = new Uint8Array(Size.running_record);
  const view = new DataView(bytes.buffer);
  const at = Offset.running_record;
  writeNameHeader(view, NameKind.RUNNING);
  view.setUint32(at.pid, fields.pid ?? 100, true);
  view.setUint32(at.tid, fields.tid ?? fields.pid ?? 100, true);
  view.setUint32(at.file_id, fields.fileId ?? 0, true);
  view.setInt32(at.call_nr, fields.nr ?? 0, true);
  view.setBigUint64(at.enter_ns, fields.enterNs ?? 1000n, true);
  bytes.set(bytesOf(fields.comm ?? "cat").subarray(0, 16), at.comm);
  return bytes;
}

/** A cell_record; what is left out is a read of task 1 without files. */
export function cellRecord(
  cell: number,
  key: Partial<Record<keyof typeof Offset.cell_key, number>> = {},
): RecordBytes {
  const bytes = new Uint8Array(Size.cell_record);
  const view = new DataView(bytes.buffer);
  writeNameHeader(view, NameKind.CELL);
  view.setUint32(Offset.cell_record.cell, cell, true);
  for (const [field, value] of Object.entries({ task_id: 1, ...key })) {
    const at = Offset.cell_key[field as keyof typeof Offset.cell_key];
    view.setUint32(Offset.cell_record.key + at, value, true);
  }
  return bytes;
}

/** A mapped_record; what is left out is 0. */
export function mappedRecord(key: Partial<Record<keyof typeof Offset.mapped_key, number>>): RecordBytes {
  const bytes = new Uint8Array(Size.mapped_record);
  const view = new DataView(bytes.buffer);
  writeNameHeader(view, NameKind.MAPPED);
  for (const [field, value] of Object.entries(key)) {
    const at = Offset.mapped_key[field as keyof typeof Offset.mapped_key];
    view.setUint32(Offset.mapped_record.key + at, value, true);
  }
  return bytes;
}

/** A text_record of a path; `oldOf` is the call whose old path it is. */
export function pathTextRecord(
  fileId: number,
  text: string | Uint8Array,
  { base = 0, oldOf = null, bare = false }: { base?: number; oldOf?: number | null; bare?: boolean } = {},
): RecordBytes {
  const bytes = bytesOf(text);
  const view = new DataView(new ArrayBuffer(Size.text_record));
  const at = Offset.text_record;
  writeNameHeader(view, NameKind.TEXT);
  view.setUint32(at.file_id, fileId, true);
  view.setUint32(at.base_id, base, true);
  view.setUint32(at.old_of, oldOf === null ? 0 : oldOf + 1, true);
  view.setUint32(at.bare, bare ? 1 : 0, true);
  view.setUint32(at.length, bytes.length, true);
  return joined(new Uint8Array(view.buffer), bytes);
}

/** Fields of a file. */
export interface FileFields {
  fileId?: number;
  inode?: bigint;
  magic?: number;
  type?: number;
  status?: number;
}

/** A file_record with any data. */
export function fileRecord(fields: FileFields, data: Uint8Array): RecordBytes {
  const view = new DataView(new ArrayBuffer(Size.file_record));
  const at = Offset.file_record;
  writeNameHeader(view, NameKind.FILE);
  view.setUint32(at.file_id, fields.fileId ?? 1, true);
  view.setBigUint64(at.inode, fields.inode ?? 7n, true);
  view.setUint32(at.magic, fields.magic ?? 0xef53, true);
  view.setUint16(at.type, fields.type ?? FileType.PATH, true);
  view.setUint16(at.status, fields.status ?? 0, true);
  view.setUint32(at.length, data.length, true);
  return joined(new Uint8Array(view.buffer), data);
}

/** Components of a path as the kernel sends them: leaf first, each with its NUL. */
export function leafFirst(...components: (string | Uint8Array)[]): Uint8Array {
  return joined(...components.map((component) => joined(bytesOf(component), Uint8Array.of(0))));
}

/** The file_record of an absolute path. */
export function pathRecord(fileId: number, path: string, status = 0): RecordBytes {
  const components = path.split("/").filter((part) => part !== "").reverse();
  return fileRecord({ fileId, status }, leafFirst(...components));
}

/** Fields of a socket_name. */
export interface SocketFields {
  family: number;
  type?: number;
  protocol?: number;
  localPort?: number;
  peerPort?: number;
  /** Addresses in network order. */
  local?: readonly number[];
  peer?: readonly number[];
  path?: string | Uint8Array;
}

/** The socket_name behind a file_record. */
export function socketName(fields: SocketFields): Uint8Array {
  const bytes = new Uint8Array(Size.socket_name);
  const view = new DataView(bytes.buffer);
  const at = Offset.socket_name;
  const path = bytesOf(fields.path ?? "");
  view.setUint16(at.family, fields.family, true);
  view.setUint16(at.type, fields.type ?? 1, true);
  view.setUint16(at.protocol, fields.protocol ?? 0, true);
  view.setUint16(at.local_port, fields.localPort ?? 0, true);
  view.setUint16(at.peer_port, fields.peerPort ?? 0, true);
  view.setUint16(at.path_length, path.length, true);
  bytes.set(fields.local ?? [], at.local);
  bytes.set(fields.peer ?? [], at.peer);
  bytes.set(path, at.path);
  return bytes;
}

/** A decoder, and what it told its verdict sink. */
export interface Decoding {
  decoder: Decoder;
  rejectedTasks: number[];
  rejectedFiles: number[];
}

/** What judges rows by a condition, `null` for none. */
export function judgeOf(where: string | null, arch: Arch = "x86_64"): NameJudge {
  const condition = where === null
    ? null
    : parseExpression({ option: "--where", text: where, example: "failed" });
  return new NameJudge(splitFilter({ ...emptyFilter(), where: condition }), arch);
}

/** A decoder of x86-64 records that selects everything, unless told otherwise. */
export function decoding(
  where: string | null = null,
  options: Partial<DecoderOptions> & { arch?: Arch } = {},
): Decoding {
  const rejectedTasks: number[] = [];
  const rejectedFiles: number[] = [];
  const decoder = new Decoder({
    arch: "x86_64",
    sequencer: new RowSequencer(),
    judge: judgeOf(where, options.arch),
    verdicts: {
      rejectTask: (id) => void rejectedTasks.push(id),
      rejectFile: (id) => void rejectedFiles.push(id),
    },
    epoch: 1,
    ...options,
  });
  return { decoder, rejectedTasks, rejectedFiles };
}

/**
 * Gives records to a decoder, each at another place of its words, as in a ring; answers with the last one's result.
 * Bytes before and behind a record are not zero.
 */
export function feed(decoder: Decoder, ...records: RecordBytes[]): boolean {
  let goesOn = true;
  records.forEach((record, index) => {
    const at = 2 * (index + 1);
    const words = new Int32Array(at + Math.ceil(record.length / 8) * 2 + 8).fill(0x5a5a_5a5a);
    new Uint8Array(words.buffer).set(record, at * 4);
    goesOn = decoder.record(words, at, record.length);
  });
  return goesOn;
}

/** The batch of some records. */
export function batchOfRecords(...records: RecordBytes[]): EventBatch {
  const { decoder } = decoding();
  feed(decoder, ...records);
  const batch = decoder.takeBatch();
  if (!batch) throw new Error("The records hold no call");
  return batch;
}

/** Paths of call `i` by the names of the batch: those of slot 0 are `null`, unknown ones `undefined`. */
export function pathsOf(
  batch: EventBatch,
  i = 0,
): { path: string | null | undefined; oldPath: string | null | undefined } {
  const name = (slot: number) => slot === 0 ? null : batch.files.findLast((file) => file.slot === slot)?.path;
  return { path: name(batch.columns.file[i]), oldPath: name(batch.columns.oldFile[i]) };
}
