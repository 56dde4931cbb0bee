/** Random filters, rows and batches in which every field may have a value that a condition names. */
import { EventFlag } from "../../../runtime/event_batch.ts";
import {
  type Expression,
  FIELDS,
  NUMBER_OPERATORS,
  type NumberField,
  TEXT_OPERATORS,
  type TextField,
} from "../../../runtime/expression/mod.ts";
import type { Filter } from "../../../runtime/filter/mod.ts";
import { batchOf, type Call, taskName } from "../../engine/batches.ts";
import type { draws } from "../expression/draw.ts";

type Draws = ReturnType<typeof draws>;

const PATHS = ["/a", "/a/b", "/a/b.log", "/tmp/A", '/b "q"', "pipe:[1]"];
const COMMS = ["sh", "SHELL", "kworker/1", "and"];
const CALLS = ["read", "openat", "rename", "exit_group", "socket"];
const NRS: Record<string, number> = {
  read: 0,
  openat: 257,
  rename: 82,
  exit_group: 231,
  socket: 41,
  7777: 7777,
};

const CGROUPS = ["/", "/a/b", "docker:web", "docker:web/b"];

const TEXTS: Record<TextField, readonly string[]> = {
  syscall: [...CALLS, "7777"],
  family: ["FS", "Network", "Process", "Misc"],
  comm: COMMS,
  path: PATHS,
  errno: ["ENOENT", "EAGAIN", "E1000"],
  cgroup: CGROUPS,
  // The slots of stacks and flags have names of files.
  stack: PATHS,
  flags: PATHS,
};

const PATTERNS = ["a", "^/a", "b$", "*.log", "/a/*", "^/a/*", "s?", "**b*", "e", "q", "not", "x,y", "\\"];
const REGEXES = ["^/a", "b|c", "[a-s]h", "(?:og)+$", "E.*T", "^$"];

const NUMBERS: Record<NumberField, readonly number[]> = {
  pid: [1, 2, 3],
  tid: [1, 2, 3],
  uid: [0, 1000],
  gid: [0, 1000],
  fd: [-1, 0, 3],
  latency: [0, 1, 100, 5_000_000],
  gap: [0, 7, 1500],
  iowait: [0, 50, 5_000_000],
  blocked: [0, 50, 5_000_000],
  runqueue: [0, 50, 5_000_000],
  bytes: [0, 1024, 4096],
  fetched: [0, 4096],
  offset: [-1, 0, 4096],
  ret: [-2, 0, 3, 1024],
};

/** A random condition. */
export function randomExpression(draw: Draws, depth = 3): Expression {
  const { whole, pick } = draw;
  if (depth > 0 && whole(3) > 0) {
    if (whole(4) === 0) return { kind: "not", term: randomExpression(draw, depth - 1) };
    const terms = Array.from({ length: 2 + whole(2) }, () => randomExpression(draw, depth - 1));
    return { kind: pick(["and", "or"]), terms };
  }
  const [name, { type }] = pick(Object.entries(FIELDS));
  const many = <Value>(from: readonly Value[]) => Array.from({ length: 1 + whole(2) }, () => pick(from));
  switch (type) {
    case "flag":
      return { kind: "failed" };
    case "number": {
      const field = name as NumberField;
      const operator = pick(NUMBER_OPERATORS);
      const isList = operator === "=" || operator === "!=";
      return {
        kind: "number",
        field,
        operator,
        values: isList ? many(NUMBERS[field]) : [pick(NUMBERS[field])],
      };
    }
    case "text": {
      const field = name as TextField;
      const operator = pick(TEXT_OPERATORS);
      const values = operator === "~" ? PATTERNS : operator === "=~" ? REGEXES : TEXTS[field];
      return { kind: "text", field, operator, values: many(values) };
    }
  }
}

/** A random filter. */
export function randomFilter(draw: Draws): Filter {
  const { whole, pick } = draw;
  const some = <Value>(values: readonly Value[]) => values.filter(() => whole(3) > 0);
  return {
    pids: whole(2) === 0 ? [] : some([1, 2]),
    tids: whole(3) === 0 ? some([2, 3]) : [],
    follow: pick([true, false]),
    syscalls: some(CALLS),
    unknownSyscalls: pick([true, false]),
    where: whole(8) === 0 ? null : randomExpression(draw),
  };
}

/** A batch of random calls, in which tasks and files have random names. */
export function randomCalls({ whole, pick }: Draws, length: number) {
  const files = PATHS.map((_, i) => ({ slot: i + 1, path: pick(PATHS) }));
  const tasks = Array.from(
    { length: 6 },
    (_, i) =>
      taskName(i + 1, pick([1, 2, 3]), {
        tid: pick([1, 2, 3]),
        uid: pick([0, 1000]),
        comm: pick(COMMS),
        ...pick([{}, { gid: pick([0, 1000]) }]),
        ...pick([{}, { cgroup: pick(CGROUPS) }]),
      }),
  );
  const call = (): Call => {
    const flags = pick([0, 0, 0, 0, EventFlag.NO_RETURN, EventFlag.KILLED]);
    return {
      nr: NRS[pick([...CALLS, "7777"])],
      durationNs: flags === EventFlag.NO_RETURN ? NaN : pick([0, 1, 50, 100, 5_000_000]),
      gapNs: pick([NaN, 0, 7, 1500]),
      ret: flags === 0 ? pick([-2n, -11n, -1000n, 0n, 3n, 1024n, 2n ** 62n, -5000n]) : 0n,
      bytes: pick([NaN, 0, 1024, 4096]),
      fd: pick([undefined, -1, 0, 3]),
      flags,
      task: 1 + whole(tasks.length),
      file: whole(files.length + 1),
      oldFile: pick([0, whole(files.length + 1)]),
      extra: pick([undefined, {
        iowaitNs: pick([0, 50]),
        blockedNs: pick([0, 50]),
        runqueueNs: pick([0, 50]),
        fetchedBytes: pick([NaN, 0, 4096]),
        stack: whole(files.length + 1),
        offsetBytes: pick([NaN, -1, 0, 4096]),
        flags: whole(files.length + 1),
      }]),
    };
  };
  return batchOf(Array.from({ length }, call), { files, tasks });
}
