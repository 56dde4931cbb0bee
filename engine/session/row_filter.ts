import { Judge } from "../../runtime/pattern.ts";
import type { StreamRow } from "../../runtime/row.ts";
import type { Selection } from "../../runtime/selection.ts";
import { type Arch, syscallByName, syscallName } from "../../runtime/syscalls/mod.ts";

/**
 * The filter for rows that are there already: true for those that the kernel side would have shown. Processes and threads
 * are no part of it: a running trace cannot change them.
 */
export function rowFilter(selection: Selection, arch: Arch): (row: StreamRow) => boolean {
  const { uids, failedOnly, slowerNs, unknownSyscalls } = selection;
  const comms = new Judge(selection.comms, selection.excludedComms);
  const paths = new Judge(selection.paths, selection.excludedPaths);
  const calls = new Set(selection.syscalls.map((nr) => syscallName(arch, nr)));
  return (row) =>
    (calls.has(row.syscall) || (unknownSyscalls && !syscallByName(row.syscall))) &&
    (uids.length === 0 || uids.includes(row.uid)) &&
    (!failedOnly || row.failed) &&
    (slowerNs === 0 || (row.latencyNs !== null && row.latencyNs >= slowerNs)) &&
    comms.accepts(row.comm) && paths.accepts(row.path, row.oldPath);
}
