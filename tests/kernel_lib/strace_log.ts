/** One finished call as strace wrote it, `<unfinished ...>` and `resumed` parts put together. */
export interface StraceCall {
  /** Thread. */
  tid: number;
  syscall: string;
  /** Arguments as written, without the commas between them. */
  args: string[];
  /** Value returned; `null` for `?`: the call never returned. */
  ret: bigint | null;
  /** What strace says of the value, for instance the file of a descriptor; empty when nothing. */
  note: string;
  /** Name of the error. */
  errno: string | null;
  /** Time in the call, nanoseconds; `null` when strace does not say. */
  durationNs: number | null;
  /** Lines of the log at which the call begins and ends, from 0. */
  enterLine: number;
  exitLine: number;
}

/** Flags of strace that write what {@linkcode parseStrace} reads: names of files and sockets, times, no contents. */
export const STRACE_FLAGS = ["-f", "-yy", "-T", "--syscall-times=ns", "-s", "0"] as const;

/** Calls that end their task. */
const ENDS = new Set(["exit", "exit_group"]);

/** A call that has not ended: what is known of it. */
interface OpenCall {
  syscall: string;
  text: string;
  enterLine: number;
}

/** A call that a signal stopped and that may be started again, see the kernel's `include/linux/errno.h`. */
const RESTARTED = /^ERESTART/;

/**
 * Reads a log that strace wrote with `-f` and {@linkcode STRACE_FLAGS}: one entry per call, in the order of their ends.
 * Parts of one logical call (`ERESTARTSYS`, then the same call again or `restart_syscall`) are one entry.
 *
 * @throws {Error} On a line that it does not understand, so that nothing is left out in silence.
 */
export function parseStrace(text: string): StraceCall[] {
  const calls: StraceCall[] = [];
  const open = new Map<number, OpenCall>();
  const interrupted = new Map<number, StraceCall[]>();
  // What a handler never goes back to has not returned.
  const abandon = (tid: number, exitLine: number) => {
    for (const call of interrupted.get(tid)?.reverse() ?? []) {
      calls.push({ ...call, ret: null, errno: null, exitLine, durationNs: null });
    }
    interrupted.delete(tid);
  };
  const finish = (call: StraceCall) => {
    // The end of a task is its last call, also when a handler makes it.
    if (call.ret === null && ENDS.has(call.syscall)) abandon(call.tid, call.exitLine);
    const merged = continueInterrupted(call, interrupted, calls);
    if (merged) calls.push(merged);
  };
  text.split("\n").forEach((line, index) => {
    if (line === "") return;
    const [, pid, rest] = /^(\d+) +(.*)$/.exec(line) ?? fail(index, line);
    const tid = Number(pid);
    if (rest.startsWith("---")) return; // what a signal does shows in the calls around it
    if (rest.startsWith("+++")) {
      const pending = open.get(tid);
      open.delete(tid);
      if (pending) finish(endedInside(tid, pending, index));
      abandon(tid, index);
      return;
    }
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/.exec(rest);
    let whole = rest, enterLine = index;
    if (resumed) {
      const pending = open.get(tid);
      if (pending?.syscall !== resumed[1]) fail(index, line);
      open.delete(tid);
      whole = pending!.text + resumed[2];
      enterLine = pending!.enterLine;
    }
    const cut = /^(\w+)\((.*?) ?<unfinished \.\.\.>$/.exec(whole);
    if (cut) {
      open.set(tid, { syscall: cut[1], text: `${cut[1]}(${cut[2]}`, enterLine });
      return;
    }
    finish(parseCall(tid, whole, enterLine, index) ?? fail(index, line));
  });
  for (const [tid, stack] of interrupted) {
    if (stack.length > 0) throw new Error(`Thread ${tid} never ends the interrupted ${stack[0].syscall}`);
  }
  if (open.size > 0) {
    throw new Error(`The log ends inside ${[...open.values()].map(({ text }) => text).join(", ")}`);
  }
  return calls;
}

function fail(index: number, line: string): never {
  throw new Error(`Line ${index + 1} of the log of strace is not understood: ${line}`);
}

/** A thread that ended inside a call: the call never returned. */
function endedInside(tid: number, { syscall, text, enterLine }: OpenCall, exitLine: number): StraceCall {
  const args = splitArguments(text.slice(syscall.length + 1)).args;
  return { tid, syscall, args, ret: null, note: "", errno: null, durationNs: null, enterLine, exitLine };
}

function parseCall(tid: number, text: string, enterLine: number, exitLine: number): StraceCall | null {
  const name = /^(\w+)\(/.exec(text);
  if (!name) return null;
  const { args, rest } = splitArguments(text.slice(name[0].length));
  const end = /^\)\s+= (\?|0x[0-9a-f]+|-?\d+)(.*?)(?: <(\d+\.\d+)>)?$/.exec(rest);
  if (!end) return null;
  const [, value, said, seconds] = end;
  const errno = /^ (E[A-Z0-9_]+)(?: |$)/.exec(said)?.[1] ?? null;
  return {
    tid,
    syscall: name[1],
    args,
    // As in C, a leading 0 is octal (umask).
    ret: value === "?" ? null : BigInt(value.replace(/^0(?=[0-7])/, "0o")),
    note: errno ? "" : said.trimStart(),
    errno,
    durationNs: seconds === undefined ? null : Math.round(Number(seconds) * 1e9),
    enterLine,
    exitLine,
  };
}

/** Splits at the commas between arguments, up to the parenthesis that closes the call. */
export function splitArguments(text: string): { args: string[]; rest: string } {
  const args: string[] = [];
  let depth = 0, start = 0, i = 0;
  for (; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      while (text[++i] !== '"' && i < text.length) if (text[i] === "\\") i++;
    } else if (char === "<" && /[\dD}\]]/.test(text[i - 1] ?? "")) {
      // The file of a descriptor; a shift (`1<<20`) is none.
      if (text[i + 1] === "<") i++;
      else i = endOfNote(text, i);
    } else if (char === "/" && text[i + 1] === "*") i = text.indexOf("*/", i) + 1;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char) && --depth < 0) break;
    else if (char === "," && depth === 0) {
      args.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  const last = text.slice(start, i).trim();
  if (last !== "" || args.length > 0) args.push(last);
  return { args, rest: text.slice(i) };
}

/** Index of the `>` that ends a note: notes nest (`</dev/null<char 1:3>>`), and an arrow in a socket's is none. */
function endOfNote(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "<") depth++;
    else if (text[i] === ">" && text[i - 1] !== "-" && --depth === 0) return i;
  }
  return text.length;
}

/** Puts a call together with an interrupted one that it continues; `null` while its end is still open. */
function continueInterrupted(
  call: StraceCall,
  interrupted: Map<number, StraceCall[]>,
  calls: StraceCall[],
): StraceCall | null {
  const stack = interrupted.get(call.tid) ?? [];
  interrupted.set(call.tid, stack);
  const top = stack.at(-1);
  if (top && call.syscall === "rt_sigreturn" && call.errno === "EINTR") {
    // The handler is done, and by that the call that it interrupted.
    stack.pop();
    calls.push(call);
    return { ...top, ret: -1n, errno: "EINTR", exitLine: call.exitLine, durationNs: null };
  }
  let whole = call;
  if (top && (call.syscall === "restart_syscall" || call.syscall === top.syscall)) {
    stack.pop();
    whole = { ...call, syscall: top.syscall, args: top.args, enterLine: top.enterLine, durationNs: null };
  }
  // Anything else is a call of the handler.
  if (whole.errno !== null && RESTARTED.test(whole.errno)) {
    stack.push(whole);
    return null;
  }
  return whole;
}
