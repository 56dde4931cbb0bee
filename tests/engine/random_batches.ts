/** Random batches with everything that makes counting hard: new names, reused slots, copies, failures, huge values. */
import { type EventBatch, EventFlag } from "../../runtime/event_batch.ts";
import { batchOf, type Call, taskName } from "./batches.ts";

/** Calls of all sorts: with bytes on either side, copies, two paths, no file, none of the table. */
const NUMBERS = { read: 0, write: 1, openat: 257, rename: 82, sendfile: 40, socket: 41, unknown: 7_777 };
const MORE = { copy_file_range: 326, vmsplice: 278, getdents64: 217, exit_group: 231 };

const NRS = Object.values({ ...NUMBERS, ...MORE });
const COPIES = [40, 326];
const MOVES = [0, 1, 40, 326, 278, 217];
const SLOTS = 40;
const PLACES = [
  "/",
  "/usr/lib/",
  "/usr/lib/gcc/14/",
  "/var/log/",
  "/var/",
  "pipe:[",
  "socket:[",
  "TCP:[",
  "/memfd:",
  "up/",
];

/** How random batches are drawn. */
export interface RandomBatches {
  /** Different files and processes that names are drawn from. */
  files: number;
  processes: number;
  /** Mean time between two calls, nanoseconds. */
  stepNs: number;
}

/** A source of batches; each call makes the next one. Times go on from one to the next. */
export function randomBatches(next: () => number, options: RandomBatches): () => EventBatch {
  const whole = (limit: number) => Math.floor(next() * limit);
  let first = true;
  let timeNs = 0;
  let seq = 1;
  const call = (): Call => {
    const nr = NRS[whole(NRS.length)];
    const returns = nr !== MORE.exit_group && next() < 0.97;
    const fails = returns && next() < 0.2;
    const durationNs = next() < 0.005 ? 2 ** 53 - 1 - whole(9) : Math.floor(Math.exp(20 * next()));
    timeNs += Math.floor(2 * next() * options.stepNs);
    const short = durationNs < 1e9;
    return {
      nr,
      enterNs: timeNs - (short ? durationNs : 0),
      durationNs: nr === MORE.exit_group ? NaN : durationNs,
      gapNs: next() < 0.1 ? NaN : Math.floor(Math.exp(18 * next())),
      ret: fails ? BigInt(-1 - whole(next() < 0.05 ? 4_095 : 40)) : 0n,
      bytes: MOVES.includes(nr) ? (fails || !returns ? 0 : whole(2 ** 31)) : NaN,
      flags: returns ? 0 : nr === MORE.exit_group ? EventFlag.NO_RETURN : EventFlag.KILLED,
      task: 1 + whole(SLOTS),
      file: whole(SLOTS + 1),
      oldFile: COPIES.includes(nr) || nr === NUMBERS.rename ? whole(SLOTS + 1) : 0,
    };
  };
  return () => {
    const named = Array.from({ length: SLOTS }, (_, i) => i + 1).filter(() => first || next() < 0.3);
    const files = named.map((slot) => ({
      slot,
      path: `${PLACES[whole(PLACES.length)]}f${whole(options.files)}`,
    }));
    const tasks = named.map((slot) => {
      const pid = 1 + whole(options.processes);
      return taskName(slot, pid, { tid: pid + whole(3), processStartNs: whole(2), comm: `c${whole(5)}` });
    });
    first = false;
    const calls = Array.from({ length: whole(1_500) }, call);
    const batch = batchOf(calls, { tasks, files, firstSeq: seq });
    seq += calls.length;
    return batch;
  };
}
