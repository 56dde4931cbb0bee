/** The live view while it runs: it asks for data, takes input, draws frames and does what the state asks for. */
import { callAfter } from "../../runtime/delay.ts";
import type { Player, ProbeState, TraceSession } from "../../runtime/contracts.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import type { SnapshotRequest } from "../../runtime/stats.ts";
import { filterOf, withoutTask } from "./filters.ts";
import { renderFrame } from "./frame.ts";
import type { TopInterface } from "./interface.ts";
import type { Input } from "./keys.ts";
import type { Effect, Model, Start, ViewId } from "./model.ts";
import { isOfRows, startModel } from "./model.ts";
import { requestOf } from "./request.ts";
import { Screen } from "./screen.ts";
import { type Event, update } from "./update.ts";

/** The terminal, as the view uses it. */
export interface Display {
  /** Writes; resolves when the terminal has taken it. */
  write(text: string): Promise<void>;
  /** Size in columns and rows. */
  size(): { columns: number; rows: number };
}

/** What the view has done for it. */
export interface Actions {
  /** Starts to record; rejects with an error for the user. */
  startRecording(path: string): Promise<void>;
  /** Completes the recording, and resolves with what is to be said of it. */
  stopRecording(): Promise<string>;
  /** Saves what the view shows, and resolves with what is to be said of it. */
  save(path: string, model: Model): Promise<string>;
  /** Opens a file in an editor, which has the terminal until it ends; resolves then. */
  edit(path: string): Promise<void>;
  /** Stops ior until the shell continues it. */
  suspend(): void;
  /**
   * Starts the trace again, and resolves with what it follows then. Rejects, and changes nothing, when it cannot be;
   * `null` for what cannot be started again.
   */
  restart: ((change: Restart) => Promise<Followed>) | null;
}

/** Which processes a trace follows. */
export type Followed = Pick<Filter, "pids" | "tids" | "follow">;

/** How a trace is started again. */
export interface Restart {
  /** The filter in force; its processes are kept unless `pid` is given. */
  filter: Filter;
  /** Size of the ring as it was typed. */
  ringSize?: string;
  /** The process to follow with its children instead; `null` for those of the start. */
  pid?: number | null;
}

/** What a view is made of. */
export interface LiveViewParts {
  bindings: TopInterface;
  session: Pick<TraceSession, "ended" | "progress">;
  /** Moves a recording on, `null` for a trace. */
  player?: Player | null;
  display: Display;
  actions: Actions;
  /** What the options select. */
  base: Filter;
  start: Omit<Start, "columns" | "rows">;
  color: boolean;
  /** Time between two frames, milliseconds. */
  intervalMs: number;
}

/** Time until the first frame with counts, milliseconds. */
const FIRST_MS = 100;

/** Part of the time between two frames that rates are of at least. */
const LEAST_RATE_SHARE = 1 / 5;

/** A view of a running trace. */
export class LiveView {
  readonly #parts: LiveViewParts;
  readonly #screen: Screen;
  readonly #startedMs = performance.now();
  readonly #quit = Promise.withResolvers<void>();
  #model: Model;
  /** What is to be done, one after the other. */
  #work: Promise<void> = Promise.resolve();
  /** The write that the terminal has not taken yet; frames that come meanwhile are one. */
  #writing: Promise<void> | null = null;
  #isStale = false;
  #isHidden = false;
  #isOver = false;
  /** What has ended is gathered once more, with everything. */
  #hasEnded = false;
  #cancel = () => {};
  readonly #player: Player | null;
  /** What the options select, with the processes that are followed now. */
  #base: Filter;
  /** When the recording was moved on last. */
  #movedMs = performance.now();
  /** Which calls are on, `null` when that may have changed: only what somebody does here changes it. */
  #probes: readonly ProbeState[] | null = null;
  /** The moment that somebody wants to see. */
  #wantedNs: number | null = null;

  constructor(parts: LiveViewParts) {
    this.#parts = parts;
    this.#screen = new Screen(parts.color);
    this.#player = parts.player ?? null;
    this.#base = parts.base;
    this.#model = startModel({
      ...parts.start,
      ...parts.display.size(),
      played: this.#player,
      // A recording has exact moments.
      leastRateNs: this.#player === null ? parts.intervalMs * 1e6 * LEAST_RATE_SHARE : 0,
    });
  }

  /** Shows the trace until somebody quits; rejects when the terminal is gone or the trace fails. */
  async run(): Promise<void> {
    const { session } = this.#parts;
    session.ended.then(() => {
      this.#hasEnded = true;
      // In turn: a baseline that has begun would take away what is gathered here.
      this.#do(async () => {
        try {
          await this.#gather();
        } finally {
          this.#happened({ kind: "ended" });
        }
      });
    }, this.#quit.reject);
    this.#draw();
    this.#schedule(FIRST_MS);
    try {
      await this.#quit.promise;
    } finally {
      this.#isOver = true;
      this.#cancel();
    }
    await this.#work;
    await this.#writing?.catch(() => {});
  }

  /** Ends {@linkcode LiveView.run}. */
  quit(): void {
    this.#quit.resolve();
  }

  /** Takes what the terminal sent. */
  input(inputs: readonly Input[]): void {
    for (const input of inputs) {
      const { view, frozen } = this.#model;
      const asked = JSON.stringify(this.#request());
      this.#take({ kind: "input", input });
      // What was not asked for before is drawn when it is there, not empty first.
      if (this.#model.frozen === null && JSON.stringify(this.#request()) !== asked) {
        this.#do(() => this.#gather());
        continue;
      }
      this.#draw();
      if (this.#model.frozen === null && this.#model.view !== view) {
        this.#do(async () => {
          await this.#gatherView();
          this.#draw();
        });
      } else if (this.#model.frozen !== null && frozen === null) this.#do(() => this.#gatherWhole());
    }
  }

  /** The size of the terminal has changed. */
  resized(): void {
    this.#happened({ kind: "resize", ...this.#parts.display.size() });
  }

  /** Nothing is drawn until {@linkcode LiveView.show}: somebody else has the terminal. */
  hide(): void {
    this.#isHidden = true;
  }

  /** Draws all of it again. */
  show(): void {
    this.#isHidden = false;
    this.#screen.forget();
    this.resized();
  }

  #schedule(ms: number): void {
    if (this.#isOver) return;
    this.#cancel = callAfter(ms, () => {
      this.#do(async () => {
        if (this.#player !== null && !await this.#playOn(this.#player)) return;
        await this.#resetWhenDue();
        await this.#gather();
      });
      this.#work.then(() => this.#schedule(this.#parts.intervalMs));
    });
  }

  #elapsedNs(): number {
    return this.#player?.atNs ?? (performance.now() - this.#startedMs) * 1e6;
  }

  /** Moves the recording on by the time that has passed; false while it stands still. */
  async #playOn(player: Player): Promise<boolean> {
    const { intervalMs } = this.#parts;
    const now = performance.now();
    // What took longer, as counting from the beginning or a stop of ior, is not caught up with.
    const passedMs = Math.min(now - this.#movedMs, 2 * intervalMs);
    this.#movedMs = now;
    const { playing, data } = this.#model;
    if (playing === null || (!playing.isPlaying && data.now !== null)) return false;
    await player.seek(player.atNs + passedMs * 1e6 * playing.speed);
    if (player.atNs >= player.endNs && playing.isPlaying) this.#take({ kind: "played" });
    return true;
  }

  /** Shows another moment, with the rates of the time before it. */
  async #jump(player: Player, toNs: number): Promise<void> {
    const intervalNs = this.#parts.intervalMs * 1e6;
    // What is counted goes on when the recording does, however short the way.
    const leastNs = toNs > player.atNs ? player.atNs : player.startNs;
    const earlierNs = Math.max(leastNs, toNs - intervalNs);
    const baselineNs = earlierNs < player.atNs ? player.startNs : this.#model.data.baselineNs;
    await player.seek(earlierNs);
    const stats = await this.#parts.bindings.stats?.snapshot() ?? null;
    const before = stats && { atNs: player.atNs, stats };
    this.#take({ kind: "jumped", before, baselineNs });
    await player.seek(toNs);
    this.#movedMs = performance.now();
    await this.#gather();
  }

  /** Does what makes a recording begin again, and goes back to the moment that is shown. */
  async #withMoment(work: () => Promise<void>): Promise<void> {
    const atNs = this.#player?.atNs ?? 0;
    await work();
    if (this.#player === null) await this.#gather();
    else await this.#jump(this.#player, atNs);
  }

  /** Asks for everything that is shown. */
  async #gather(): Promise<void> {
    const { bindings, session } = this.#parts;
    if (this.#isOver || this.#model.data.hasEnded) return;
    const request = this.#request();
    const [stats, recording] = await Promise.all([
      bindings.stats?.snapshot(request) ?? null,
      bindings.recording?.status() ?? null,
    ]);
    if (this.#isOver) return; // the session may be gone
    const elapsedNs = this.#elapsedNs();
    if (stats !== null) {
      this.#take({
        kind: "sample",
        sample: { atNs: elapsedNs, stats, tables: request.tables },
      });
    }
    const { loss, untracedRequests } = session.progress();
    const warnings = bindings.streamBuffer()?.warnings ?? 0;
    if (this.#hasEnded) this.#probes = null;
    const probes = this.#probes ??= bindings.probes?.states() ?? [];
    // A moment that was asked for meanwhile stays in sight: the next step goes on from there.
    const shownNs = this.#wantedNs ?? elapsedNs;
    const progress = { elapsedNs: shownNs, loss, untracedRequests, warnings, probes, recording };
    this.#take({ kind: "progress", ...progress });
    await this.#gatherView();
    this.#draw();
  }

  /** What is asked for: what is shown, or all of what may stand still from now on. */
  #request(): SnapshotRequest {
    return this.#player !== null || this.#hasEnded ? {} : requestOf(this.#model);
  }

  /** Asks for all tables: what stands still can be looked at in every view. */
  async #gatherWhole(): Promise<void> {
    const stats = await this.#parts.bindings.stats?.snapshot() ?? null;
    if (stats !== null) this.#happened({ kind: "whole", sample: { atNs: this.#elapsedNs(), stats } });
  }

  /** Asks for what only the view on the screen shows. */
  async #gatherView(): Promise<void> {
    const { bindings: { rows, trie } } = this.#parts;
    const { view } = this.#model;
    if (view === "stream" && rows !== null) this.#take({ kind: "rows", rows: rows.snapshot() });
    if (view === "flame" && trie !== null) {
      const [{ root }, fields, metric] = await Promise.all([
        trie.snapshotTree(),
        trie.fields(),
        trie.countField(),
      ]);
      this.#take({ kind: "trie", trie: { root, fields, metric } });
    }
    if (view === "opens") {
      this.#take({ kind: "sessions", sessions: await this.#parts.bindings.sessions?.snapshot() ?? null });
    }
    if (view === "mapped") {
      this.#take({ kind: "mapped", mapped: await this.#parts.bindings.mapped?.snapshot() ?? null });
    }
  }

  /** What stands still is not taken away: the baseline begins when the view goes on, and none after the end of the trace. */
  async #resetWhenDue(): Promise<void> {
    const { resetEveryMs, data, frozen } = this.#model;
    if (frozen !== null || this.#hasEnded) return;
    const agoNs = this.#elapsedNs() - data.baselineNs;
    if (resetEveryMs !== null && agoNs >= resetEveryMs * 1e6) await this.#newBaseline();
  }

  async #newBaseline(): Promise<void> {
    const { bindings } = this.#parts;
    await bindings.stats?.snapshotAndReset();
    await bindings.trie?.reset();
    this.#take({ kind: "baseline", atNs: this.#elapsedNs() });
  }

  #happened(event: Event): void {
    this.#take(event);
    this.#draw();
  }

  #take(event: Event): void {
    const { view } = this.#model;
    const { model, effects } = update(this.#model, event);
    this.#model = model;
    // What the first view needs is there from the start.
    if (model.view !== view) this.#do(() => this.#lookAt(model.view, view));
    for (const effect of effects) this.#perform(effect);
  }

  /** Asks for what only one view needs, before there are rows for it. */
  async #lookAt(view: ViewId, before: ViewId): Promise<void> {
    const { bindings } = this.#parts;
    if (before === "opens") {
      await bindings.followFiles(false);
      this.#take({ kind: "sessions", sessions: null });
    }
    if (view === "opens") await this.#withMoment(() => bindings.followFiles(true));
    await bindings.wantRows("view", isOfRows(view));
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "quit":
        return this.quit();
      case "suspend":
        return this.#parts.actions.suspend();
      case "redraw":
        return this.#screen.forget();
      case "set-filter":
        return this.#do(() => this.#setFilter(effect));
      case "seek":
        this.#wantedNs = effect.toNs;
        return this.#do(() => this.#act(effect));
      default:
        return this.#do(() => this.#act(effect));
    }
  }

  async #setFilter({ filters, typed }: Extract<Effect, { kind: "set-filter" }>): Promise<void> {
    const { setFilter } = this.#parts.bindings;
    this.#probes = null;
    try {
      if (setFilter === null) throw new Error("The trace has ended: its filter cannot be changed");
      await this.#withMoment(async () => {
        await setFilter(filterOf(this.#base, filters));
        this.#take({ kind: "filter-set", filters, typed, atNs: this.#elapsedNs() });
      });
    } catch (error) {
      this.#take({ kind: "filter-refused", filters, message: messageOf(error), typed });
    }
    this.#draw();
  }

  async #act(effect: Exclude<Effect, { kind: "quit" | "suspend" | "redraw" | "set-filter" }>): Promise<void> {
    const { bindings, actions } = this.#parts;
    this.#probes = null;
    switch (effect.kind) {
      case "toggle-calls":
      case "toggle-family":
      case "set-all-calls":
        await this.#setProbes(effect);
        return await this.#gather();
      case "new-baseline":
        await this.#newBaseline();
        return this.#say("Counting from 0");
      case "set-metric":
        return await this.#withMoment(async () => await bindings.trie?.setCountField(effect.metric));
      case "set-frames":
        return await this.#withMoment(async () => await bindings.trie?.reconfigure([...effect.fields]));
      case "restart":
        return await this.#restart(effect);
      case "seek":
        return await this.#seek();
      case "start-recording":
        await actions.startRecording(effect.path);
        await this.#gather();
        return this.#say(`Recording to ${effect.path}`);
      case "stop-recording": {
        const said = await actions.stopRecording();
        await this.#gather();
        return this.#say(said);
      }
      case "save": {
        const { data } = this.#model;
        const elapsedNs = data.hasEnded ? data.elapsedNs : this.#elapsedNs();
        const said = await actions.save(effect.path, { ...this.#model, data: { ...data, elapsedNs } });
        this.#take({ kind: "saved", path: effect.path });
        return this.#say(said);
      }
      case "edit":
        return await this.#edit(effect.path);
    }
  }

  async #edit(path: string): Promise<void> {
    this.hide();
    await this.#writing;
    try {
      await this.#parts.actions.edit(path);
    } finally {
      this.show();
    }
  }

  /** Shows the moment that was asked for last: keys that come meanwhile are one. */
  async #seek(): Promise<void> {
    const toNs = this.#wantedNs;
    this.#wantedNs = null;
    if (toNs !== null && this.#player !== null) await this.#jump(this.#player, toNs);
  }

  /** What was narrowed to a process ends when another one is followed. */
  async #restart({ ringSize, pid }: Extract<Effect, { kind: "restart" }>): Promise<void> {
    const { restart } = this.#parts.actions;
    const { filters } = this.#model;
    const kept = pid === undefined ? filters : withoutTask(filters);
    if (restart === null) return;
    const followed = await restart({ filter: filterOf(this.#base, kept), ringSize, pid });
    this.#base = { ...this.#base, ...followed };
    this.#take({ kind: "restarted", atNs: this.#elapsedNs(), filters: kept });
    await this.#gather();
    this.#say(
      ringSize === undefined ? "The trace runs again" : `The trace runs again, with a ring of ${ringSize}`,
    );
  }

  /** A call that cannot be turned on or off is a warning among the rows as well. */
  async #setProbes(effect: Extract<Effect, { kind: "toggle-calls" | "toggle-family" | "set-all-calls" }>) {
    const { bindings } = this.#parts;
    const { probes } = bindings;
    try {
      if (effect.kind === "toggle-family") await probes?.toggleFamily(effect.family);
      else if (effect.kind === "set-all-calls") await probes?.setAll(effect.active);
      else for (const syscall of effect.syscalls) await probes?.toggle(syscall);
    } catch (error) {
      bindings.warn(messageOf(error), this.#elapsedNs());
      throw error;
    }
  }

  #say(text: string): void {
    this.#happened({ kind: "notice", notice: { text, style: "good" } });
  }

  /** Does it after everything before it; what goes wrong is said in the last line. */
  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error) =>
      this.#happened({ kind: "notice", notice: { text: messageOf(error), style: "bad" } })
    );
  }

  #draw(): void {
    if (this.#isHidden || this.#isOver) return;
    if (this.#writing !== null) {
      this.#isStale = true;
      return;
    }
    this.#isStale = false;
    const { columns, rows } = this.#model;
    const { lines, cursor } = renderFrame(this.#model);
    const text = this.#screen.update({ lines, cursor, columns, rows });
    if (text === "") return;
    this.#writing = this.#parts.display.write(text).finally(() => this.#writing = null);
    this.#writing.then(() => this.#isStale && this.#draw(), this.#quit.reject);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
