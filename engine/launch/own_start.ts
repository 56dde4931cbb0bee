import { OwnProcess } from "../../bpf/own_process.ts";
import { type Started, STARTED_VARIABLE, startedFrom } from "./started.ts";
import { environmentTexts } from "./words.ts";

let started: Started | null = null;

/**
 * What ior was started with. Without a note from the helper the first call decides, so it must come before the first
 * signal listener.
 */
export function ownStart(): Started {
  if (started === null) {
    const own = OwnProcess.open();
    const note = environmentTexts(own.environment())[STARTED_VARIABLE];
    started = startedFrom(note, Deno.pid, own.status());
  }
  return started;
}
