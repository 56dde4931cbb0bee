import { countsAll } from "../../../runtime/report.ts";
import type { RunResult } from "../../exit_status.ts";
import { killQuietly, onEndingSignals, passOn } from "../../run/ending_signals.ts";
import { Progress, sayAboveProgress, stoppingText } from "../../run/progress.ts";
import { isTerminal, lookOf } from "../../run/terminal.ts";
import { KeyDecoder, LiveTerminal, LiveView } from "../../top/mod.ts";
import { openEditor } from "./editor.ts";
import { Recordings } from "./recordings.ts";
import type { TopCommand } from "./task.ts";
import { knownExtras, type TopRun } from "./top_run.ts";

/** Time after which the beginning of a key's sequence is the Escape key. */
const ESCAPE_MS = 50;

/** Shows the view until somebody quits. */
export async function runInteractive(task: TopCommand, run: TopRun): Promise<RunResult> {
  const { bindings, signals, startedWallNs } = run;
  const { color, ascii } = lookOf(task);
  await using recordings = new Recordings(bindings, startedWallNs, () => run.header());
  using terminal = LiveTerminal.open();
  using _atExit = leaveAtExit(terminal);
  const view = new LiveView({
    bindings,
    session: run,
    player: run.player,
    display: terminal,
    base: task.selection,
    start: {
      ascii,
      view: task.view,
      ...knownExtras(task, run),
      fileStem: `ior-${fileTime(new Date())}`,
      resetEveryMs: task.resetEveryNs === null ? null : task.resetEveryNs / 1e6,
    },
    color,
    intervalMs: task.intervalNs / 1e6,
    actions: {
      startRecording: (path) => recordings.start(path),
      stopRecording: () => recordings.stop(),
      save: async (path, model) => {
        const { saveView } = await import("./save.ts");
        return await saveView(path, {
          model,
          header: run.reportHeader(),
          startedWallNs,
          stats: bindings.stats,
          trie: bindings.trie,
          rows: bindings.rows,
        });
      },
      edit: (path) => terminal.lend(() => openEditor(path)),
      suspend,
      restart: run.restart,
    },
  });

  /** Stops ior and its command until the shell continues them. */
  function suspend(): void {
    if (!signals.isJob()) return; // nobody would continue it
    if (!terminal.isLent) {
      view.hide();
      terminal.leave();
    }
    if (run.commandPid !== null) killQuietly(run.commandPid, "SIGTSTP");
    Deno.kill(Deno.pid, "SIGSTOP");
  }

  {
    using _ending = onEndingSignals(signals, {
      onFirst: (signal) => {
        passOn(signal, run.commandPid);
        view.quit();
      },
      onSecond: () => terminal.leave(),
      // Ctrl-C in an editor is not meant for ior, which is in the same group.
      ignores: (signal) => signal === "SIGINT" && terminal.isLent,
    });
    using _window = signals.listen(["SIGWINCH"], () => view.resized());
    using _stop = signals.listen(["SIGTSTP"], suspend);
    using _continued = signals.listen(["SIGCONT"], () => {
      if (terminal.isLent) return;
      terminal.enter();
      view.show();
    });
    void readKeys(terminal, view);
    await view.run();
    terminal.leave();
    using _progress = task.quiet || !isTerminal("stderr")
      ? null
      : new Progress(() => stoppingText(run.progress()));
    await run.stop();
    const said = await recordings.finish(await run.running());
    if (said !== null && !task.quiet) sayAboveProgress(said);
  }
  return {
    commandStatus: await run.commandStatus(),
    lossFree: countsAll(run.reportHeader()),
    recordingFailed: recordings.hasFailed,
  };
}

/** Gives the view what the terminal sends; the end of the terminal ends the view. */
async function readKeys(terminal: LiveTerminal, view: LiveView): Promise<void> {
  const decoder = new KeyDecoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await terminal.read((bytes) => {
      clearTimeout(timer);
      view.input(decoder.decode(bytes));
      if (decoder.isWaiting) timer = setTimeout(() => view.input(decoder.flush()), ESCAPE_MS);
    });
  } catch {
    // The terminal is gone.
  }
  view.quit();
}

/** Leaves the terminal also when an error nobody caught ends ior. */
function leaveAtExit(terminal: LiveTerminal): Disposable {
  const leave = () => terminal.leave();
  const events = ["error", "unhandledrejection", "unload"] as const;
  for (const event of events) globalThis.addEventListener(event, leave);
  return {
    [Symbol.dispose]() {
      for (const event of events) globalThis.removeEventListener(event, leave);
    },
  };
}

/** The local time as a part of a file's name. */
function fileTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
