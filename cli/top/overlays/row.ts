/** All fields of a row of the stream, each of which can be narrowed to. */
import type { Expression, NumberField, TextField } from "../../../runtime/expression/mod.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { escapeText } from "../../text/escape.ts";
import { formatDuration } from "../../text/format.ts";
import type { Content } from "../content.ts";
import { cutLine, span } from "../line.ts";

/** Columns of the name of a field. */
const NAME = 10;

/** A field: its name, its text, and the condition that calls are like this one. */
interface FieldRow {
  name: string;
  text: string;
  condition: Expression | null;
}

/** The fields of a row. */
export function rowFields(row: StreamRow, ascii: boolean): Content {
  const fields = fieldsOf(row, ascii);
  return {
    length: fields.length,
    id: (index) => String(index),
    text: (index) => `${fields[index].name} ${fields[index].text}`,
    heading: () => null,
    line: (index, width) =>
      cutLine([
        span(`${fields[index].name.padEnd(NAME)} `, "quiet"),
        span(escapeText(fields[index].text, { ascii })),
      ], width),
    narrow: (index) => fields[index].condition,
    empty: "The row is gone",
  };
}

function fieldsOf(row: StreamRow, ascii: boolean): FieldRow[] {
  const duration = (ns: number | null) => ns === null ? "-" : formatDuration(ns, { ascii });
  const text = (
    field: TextField,
    value: string | null,
  ): Expression | null => (
    value === null ? null : { kind: "text", field, operator: "=", values: [value] }
  );
  const number = (
    field: NumberField,
    value: number | null,
    operator: "=" | ">=" = "=",
  ): Expression | null => value === null ? null : { kind: "number", field, operator, values: [value] };
  return [
    { name: "syscall", text: row.syscall, condition: text("syscall", row.syscall) },
    { name: "family", text: row.family, condition: text("family", row.family) },
    { name: "command", text: row.comm, condition: text("comm", row.comm) },
    { name: "pid", text: String(row.pid), condition: number("pid", row.pid) },
    { name: "tid", text: String(row.tid), condition: number("tid", row.tid) },
    { name: "cgroup", text: row.cgroup ?? "-", condition: text("cgroup", row.cgroup) },
    { name: "uid", text: String(row.uid), condition: number("uid", row.uid) },
    { name: "gid", text: String(row.gid ?? "-"), condition: number("gid", row.gid) },
    { name: "fd", text: String(row.fd ?? "-"), condition: number("fd", row.fd) },
    { name: "file", text: row.path ?? "-", condition: row.pathRaw === null ? text("path", row.path) : null },
    ...(row.oldPath === null ? [] : [{
      name: "other file",
      text: row.oldPath,
      condition: row.oldPathRaw === null ? text("path", row.oldPath) : null,
    }]),
    ...(row.pathError === null ? [] : [{ name: "path error", text: row.pathError, condition: null }]),
    { name: "returned", text: String(row.ret ?? "-"), condition: null },
    { name: "error", text: row.errno ?? "-", condition: text("errno", row.errno) },
    { name: "bytes", text: String(row.bytes ?? "-"), condition: number("bytes", row.bytes, ">=") },
    { name: "latency", text: duration(row.latencyNs), condition: number("latency", row.latencyNs, ">=") },
    { name: "gap", text: duration(row.gapNs), condition: number("gap", row.gapNs, ">=") },
    ...(row.iowaitNs === null ? [] : [
      { name: "I/O wait", text: duration(row.iowaitNs), condition: number("iowait", row.iowaitNs, ">=") },
      { name: "blocked", text: duration(row.blockedNs), condition: number("blocked", row.blockedNs, ">=") },
      { name: "queue", text: duration(row.runqueueNs), condition: number("runqueue", row.runqueueNs, ">=") },
    ]),
    ...(row.fetchedBytes === null ? [] : [{
      name: "fetched",
      text: String(row.fetchedBytes),
      condition: number("fetched", row.fetchedBytes, ">="),
    }]),
    ...(row.offsetBytes === null ? [] : [{
      name: "offset",
      text: String(row.offsetBytes),
      condition: row.offsetBytes < 0 ? null : number("offset", row.offsetBytes),
    }]),
    ...(row.flags === null ? [] : [{
      name: "flags",
      text: row.flags,
      condition: text("flags", row.flags),
    }]),
    { name: "restarts", text: String(row.restarts), condition: null },
    { name: "time", text: `${(row.timeNs / 1e9).toFixed(9)}s since the trace began`, condition: null },
    { name: "number", text: `${row.seq}, under filter ${row.epoch}`, condition: null },
    ...(row.stack === null ? [] : row.stack.split(";").map((frame, i) => (
      { name: i === 0 ? "stack" : "", text: frame, condition: text("stack", row.stack) }
    ))),
  ];
}
