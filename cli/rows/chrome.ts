/**
 * Rows as a Chrome trace (Trace Event Format, JSON), which Perfetto and chrome://tracing show: a slice per call, a track
 * per thread. It is made from rows and not from the trie, which has no single calls and times.
 */
import { type ReportHeader, reportRunning } from "../../runtime/report.ts";
import type { RunningCall, StreamRow, WarningRow } from "../../runtime/row.ts";
import { jsonString, jsonValue } from "./json_text.ts";

/** A Chrome trace being written. Each text continues the one before. */
export interface ChromeRenderer {
  begin(): string;
  row(row: StreamRow | WarningRow): string;
  /** Calls that had not returned are slices without an end. */
  end(end: Pick<ReportHeader, "wall_ns" | "loss">, calls: number, running: readonly RunningCall[]): string;
}

/** What the trace tells about its run. */
export type ChromeHeader = Pick<ReportHeader, "ior" | "host" | "kernel" | "command" | "started">;

/** A renderer for one stream of rows. */
export function createChromeRenderer(header: ChromeHeader): ChromeRenderer {
  const { ior, host, kernel, command, started } = header;
  /** The name of each track by its thread. */
  const names = new Map<string, string>();
  let isFirst = true;

  const event = (members: string): string => {
    const text = `${isFirst ? "" : ",\n"}{${members}}`;
    isFirst = false;
    return text;
  };
  const track = (pid: number, tid: number, comm: string): string => {
    const thread = `"pid":${pid},"tid":${tid}`;
    if (names.get(thread) === comm) return "";
    names.set(thread, comm);
    const args = `"ph":"M",${thread},"args":{"name":${jsonString(comm)}}`;
    return event(`"name":"thread_name",${args}`) +
      (pid === tid ? event(`"name":"process_name",${args}`) : "");
  };
  const slice = (call: StreamRow | RunningCall, phase: string, times: string, args: string): string =>
    track(call.pid, call.tid, call.comm) +
    event(
      `"name":${
        jsonString(call.syscall)
      },"ph":"${phase}",${times},"pid":${call.pid},"tid":${call.tid},"args":{${args}}`,
    );
  return {
    begin: () => '{"displayTimeUnit":"ns","traceEvents":[\n',
    row(row) {
      const time = `"ts":${microseconds(row.timeNs)}`;
      if ("warning" in row) {
        return event(`"name":${jsonString(row.warning)},"ph":"i","s":"g",${time},"pid":0,"tid":0`);
      }
      // A call that does not return is a point in time.
      if (row.latencyNs === null) return slice(row, "i", `"s":"t",${time}`, argsOf(row));
      const duration = `"dur":${microseconds(row.latencyNs)}`;
      return slice(row, "X", `"cat":${jsonString(row.family)},${time},${duration}`, argsOf(row));
    },
    end({ wall_ns: wallNs, loss }, calls, running) {
      const open = running.map((call) =>
        slice(
          call,
          "B",
          `"ts":${microseconds((call.asOfNs ?? wallNs) - call.ageNs)}`,
          `"path":${jsonOrNull(call.path)}`,
        )
      ).join("");
      const other = { ior, host, kernel, command, started, calls, loss, running: reportRunning(running) };
      return `${open}\n],"otherData":${jsonValue(other)}}\n`;
    },
  };
}

/** Nanoseconds as microseconds, the format's unit, to the last digit. */
function microseconds(ns: number): string {
  const sign = ns < 0 ? "-" : "";
  const size = Math.abs(Math.round(ns));
  return `${sign}${Math.floor(size / 1000)}.${String(size % 1000).padStart(3, "0")}`;
}

/** What is known of a call, as far as it has a value. */
function argsOf({ path, oldPath, fd, ret, errno, bytes, seq }: StreamRow): string {
  return `"seq":${seq},"ret":${ret}` +
    (path === null ? "" : `,"path":${jsonString(path)}`) +
    (oldPath === null ? "" : `,"old_path":${jsonString(oldPath)}`) +
    (fd === null ? "" : `,"fd":${fd}`) +
    (errno === null ? "" : `,"errno":${jsonString(errno)}`) +
    (bytes === null ? "" : `,"bytes":${bytes}`);
}

function jsonOrNull(text: string | null): string {
  return text === null ? "null" : jsonString(text);
}
