/** Names of the files of a recording that is a directory. */
import { formatTime } from "../../runtime/rfc3339.ts";

/** Digits of a segment's number: enough for two months of segments of five seconds. */
const INDEX_DIGITS = 6;

/** Name of a run, unique on its machine by its start and its process. */
export function runName(startedWallNs: bigint, pid: number): string {
  return `${formatTime(startedWallNs).replaceAll(/[-:.]/g, "")}-${pid}`;
}

/**
 * Folder of a segment below the directory, named so that query engines read host and day as columns: the day, in UTC,
 * of the segment's first row.
 */
export function partitionFolder(host: string, firstWallNs: bigint): string {
  const day = formatTime(firstWallNs).slice(0, "2026-03-01".length);
  return `${hostFolder(host)}/date=${day}`;
}

/** Folder of the segments of a host. */
export function hostFolder(host: string): string {
  return `host=${partitionValue(host)}`;
}

/** True for the name of a segment; those of a run, and runs by their start, are in the order of their names. */
export function isSegmentName(name: string): boolean {
  return /^ior-\w+-\d+-\d{6,}\.parquet$/.test(name);
}

/** File name of a segment. */
export function segmentName(run: string, index: number): string {
  return `ior-${run}-${String(index).padStart(INDEX_DIGITS, "0")}.parquet`;
}

/** Name of a segment until it is complete: it begins with a dot, so that readers skip it. */
export function segmentPart(name: string): string {
  return `.${name}.part`;
}

/** The process whose part of a segment this is, `null` for another file. */
export function segmentPartOwner(part: string): number | null {
  const match = /^\.ior-(?:\w+-)?(\d+)-\d+\.parquet\.part$/.exec(part);
  return match === null ? null : Number(match[1]);
}

/** Percent-encodes the characters that a folder's name cannot have; query engines decode them. */
function partitionValue(text: string): string {
  const value = encodeURIComponent(text).replaceAll(/[!'()*~]/g, percent);
  return /^\.*$/.test(value) ? value.replaceAll(".", percent) || "unknown" : value;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
