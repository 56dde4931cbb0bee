/** What was done with a descriptor, among the rows at hand. */
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { syscallByName } from "../../runtime/syscalls/mod.ts";

/**
 * The rows of the descriptor of `row`: from the call that made it to the one that closed it, as far as the rows go back. A
 * number is used again after its close; rows of its other lives are left out.
 */
export function descriptorLife(rows: readonly (StreamRow | WarningRow)[], row: StreamRow): StreamRow[] {
  const own = rows.filter((other): other is StreamRow => (
    !("warning" in other) && other.pid === row.pid && other.fd === row.fd
  ));
  const at = own.findIndex(({ seq }) => seq === row.seq);
  const before = own.slice(0, at);
  const begin = Math.max(before.findLastIndex(closes) + 1, own.slice(0, at + 1).findLastIndex(opens));
  const after = own.slice(at);
  const closed = after.findIndex(closes);
  const reopened = after.findIndex((other, i) => i > 0 && opens(other));
  const ends = [closed < 0 ? after.length : closed + 1, reopened < 0 ? after.length : reopened];
  return own.slice(begin, at + Math.min(...ends));
}

function closes(row: StreamRow): boolean {
  return row.syscall === "close" && !row.failed;
}

/** A call that made the descriptor: it returned its number. */
function opens(row: StreamRow): boolean {
  return !row.failed && row.ret === row.fd && syscallByName(row.syscall)?.kinds.includes("open") === true;
}
