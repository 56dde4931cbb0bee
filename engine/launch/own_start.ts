import { OwnProcess } from "../../bpf/own_process.ts";
import { type Started, STARTED_VARIABLE, startedFrom } from "./started.ts";
import { environmentTexts } from "./words.ts";

let started: Started | null = null;

/**
 * What ior was started with. Without a note from the helper the first call decides, so it must come before the first
 * signal listener; without one, and without the permission to call libc, nothing is known.
 */
export function ownStart(): Started {
  return started ??= mayCallLibc() ? byProc() : startedFrom(Deno.env.get(STARTED_VARIABLE), Deno.pid, "");
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
