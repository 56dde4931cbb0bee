import type { LiveSession, OwnSignals } from "../../../engine/mod.ts";
import type { RunResult } from "../../exit_status.ts";
import type { TopInterface } from "../../top/mod.ts";
import type { TopCommand } from "./task.ts";

/** A trace, and the interface that it publishes to. */
export interface TopRun {
  session: LiveSession;
  bindings: TopInterface;
  signals: OwnSignals;
}

/** Waits for the command to end, unless the user does not want to. */
export async function waitForCommand(
  { waitsForCommand }: Pick<TopCommand, "waitsForCommand">,
  { commandEnded }: Pick<LiveSession, "commandEnded">,
): Promise<RunResult["commandStatus"]> {
  return waitsForCommand ? await commandEnded?.catch(() => null) ?? null : null;
}
