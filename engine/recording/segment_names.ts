/** Names of the files of a recording that is a directory. */

/** Digits of a segment's number: enough for two months of segments of five seconds. */
const INDEX_DIGITS = 6;

/** Name of a run, told apart from every other one of its machine by its start and its process. */
export function runName(startedWallNs: bigint, pid: number): string {
  const ms = startedWallNs / 1_000_000n;
  const digits = new Date(Number(ms)).toISOString().replaceAll(/[-:.Z]/g, "");
  return `${digits}${String(startedWallNs % 1_000_000n).padStart(6, "0")}Z-${pid}`;
}

/**
 * Folder of a segment below the directory, named so that query engines take host and day for columns: the day, in UTC,
 * of the segment's first row.
 */
export function partitionFolder(host: string, firstWallNs: bigint): string {
  const day = new Date(Number(firstWallNs / 1_000_000n)).toISOString().slice(0, 10);
  return `host=${partitionValue(host)}/date=${day}`;
}

/** File name of a segment. */
export function segmentName(run: string, index: number): string {
  return `ior-${run}-${String(index).padStart(INDEX_DIGITS, "0")}.parquet`;
}

/** What may not stand in a name of a folder is written as percent and two digits, which query engines undo. */
function partitionValue(text: string): string {
  const value = encodeURIComponent(text).replaceAll(/[!'()*~]/g, percent);
  return /^\.*$/.test(value) ? value.replaceAll(".", percent) || "unknown" : value;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
