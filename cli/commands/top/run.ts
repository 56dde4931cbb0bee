import { IorError } from "../../../runtime/errors.ts";
import { FailedWhileRunning, type RunResult } from "../../exit_status.ts";
import { canShowLiveView } from "../../top/mod.ts";
import { runBatch } from "./batch.ts";
import { runInteractive } from "./interactive.ts";
import type { TopCommand } from "./task.ts";
import type { TopRun } from "./top_run.ts";

/** `ior top`: the live view of a trace or a recording, or its frames as text. */
export async function runTop(task: TopCommand): Promise<RunResult> {
  if (task.batch === null && !canShowLiveView()) {
    throw new IorError("usage", "Cannot show the live view: standard input and output must be a terminal", {
      hint: "To print frames: ior top --batch",
    });
  }
  await using run: TopRun = await openRun(task);
  try {
    return await (task.batch === null ? runInteractive : runBatch)(task, run);
  } catch (failure) {
    throw new FailedWhileRunning(failure, run.commandStatus());
  }
}

/** The readers of recordings take time to load, and so does the kernel side. */
async function openRun(task: TopCommand): Promise<TopRun> {
  if (task.from.length > 0) return await (await import("./played_run.ts")).PlayedRun.open(task);
  return await (await import("./live_run.ts")).LiveRun.start(task);
}
