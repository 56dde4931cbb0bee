import { OwnProcess } from "../../bpf/own_process.ts";
import { type Started, STARTED_VARIABLE, startedFrom } from "./started.ts";
import { environmentTexts, exactWords } from "./words.ts";

/** What the runtime puts in place of bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

let started: Started | null = null;

/**
 * What ior was started with. Without a note from the helper the first call decides, so it must come before the first
 * signal listener; without one, and without the permission to call libc, nothing is known.
 */
export function ownStart(): Started {
  return started ??= mayCallLibc() ? byProc() : startedFrom(Deno.env.get(STARTED_VARIABLE), Deno.pid, "");
}

/** The words that ior was given, `words`, with the bytes that the runtime could not decode. */
export function ownWords(words: readonly string[]): readonly string[] {
  if (!words.some((word) => word.includes(REPLACEMENT))) return words;
  return exactWords(words, OwnProcess.open().commandLine());
}

/** Whether this process may call functions of libraries. */
export function mayCallLibc(): boolean {
  return Deno.permissions.querySync({ name: "ffi" }).state === "granted";
}

/** Starts a program that takes its turn with others, also while ior runs first. */
export function startInTurn<Started>(start: () => Started): Started {
  return mayCallLibc() ? OwnProcess.open().startInTurn(start) : start();
}

function byProc(): Started {
  const own = OwnProcess.open();
  const note = environmentTexts(own.environment())[STARTED_VARIABLE];
  return startedFrom(note, Deno.pid, own.status());
}
