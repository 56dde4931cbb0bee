import { OwnProcess } from "../../bpf/mod.ts";
import { type Started, STARTED_VARIABLE, startedFrom } from "./started.ts";
import { environmentTexts } from "./words.ts";

let started: Started | null = null;

/**
 * What ior was started with. The first call decides where the helper has left no note: it belongs before the first
 * listener to a signal.
 */
export function ownStart(): Started {
  if (started === null) {
    using own = OwnProcess.open();
    const note = environmentTexts(own.environment())[STARTED_VARIABLE];
    started = startedFrom(note, Deno.pid, own.status());
  }
  return started;
}
