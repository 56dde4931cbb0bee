import { createColumns, endOfCall, type EventBatch, type EventColumns } from "../../runtime/event_batch.ts";
import type { Expression } from "../../runtime/expression/mod.ts";
import { SlotPredicate } from "../../runtime/filter/mod.ts";
import type { Loss } from "../../runtime/loss.ts";
import type { StreamRow } from "../../runtime/row.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import type { BatchKeeper } from "../batch_consumer.ts";
import { partOfBatch } from "../batch_copies.ts";
import { RowBuilder } from "../event_rows.ts";
import { CallRing } from "./call_ring.ts";
import { LossHistory } from "./loss_history.ts";

/** What is kept of a trace. */
export interface FlightPlan {
  /** Calls that it holds for trigger a window. */
  trigger: Expression;
  /** Time before the first of them that is written, nanoseconds. */
  beforeNs: number;
  /** Time after the last of them, nanoseconds. */
  afterNs: number;
  /** Memory for calls and names, bytes. */
  bufferBytes: number;
}

/** The calls that are written around those that match. Times are nanoseconds since the trace began. */
export interface FlightWindow {
  /** Calls that ended from then on are in it. */
  fromNs: number;
  /** Calls that ended later are not in it. */
  untilNs: number;
  /** When the first match ended. */
  firstNs: number;
  /** When the last one ended. */
  lastNs: number;
  /** Calls that matched. */
  matches: number;
  /** Calls in it, as far as they were written. */
  rows: number;
  /** The first match. */
  call: StreamRow;
  /** True when it begins later because the buffer had no room for more. */
  isCut: boolean;
  /** Calls lost before it. */
  lossBefore: Loss;
}

/** Where windows go, one at a time. */
export interface WindowSink {
  /** A window has begun. */
  begin(window: FlightWindow): void;
  /** True when it takes another batch. */
  readonly canIngest: boolean;
  /** Resolves when it does. */
  room(): Promise<void>;
  /** Takes calls of the window; their times count from its begin. */
  ingest(batch: EventBatch): Promise<unknown>;
  /** The window is over. Resolves when the next one may begin. */
  end(window: FlightWindow): Promise<void>;
}

/**
 * Keeps the newest calls in memory, and hands on only those around a call that matches a condition: a window from some time
 * before its end to some time after the end of the last match. A window that a match falls into goes on; one that begins
 * before another is over begins where that ends. No call is in two windows.
 */
export class FlightRecorder implements BatchKeeper {
  /** Several awaits may pass until a batch is handed on. */
  readonly keepsColumns = true;
  readonly #plan: FlightPlan;
  readonly #sink: WindowSink;
  readonly #trigger: SlotPredicate;
  readonly #rows: RowBuilder;
  readonly #ring: CallRing;
  readonly #losses: LossHistory;
  #window: FlightWindow | null = null;
  /** Windows begun. */
  windows = 0;
  /** End of the window before. */
  #overNs = 0;
  /** Settles when the batches so far have been handed on. */
  #busy: Promise<void> | null = null;
  /** Settles when the sink is done with the window before. */
  #ending: Promise<void> = Promise.resolve();
  /** Calls that still come, or are still handed on, ended then or later. */
  #arrivedNs = 0;
  /** The time at the last look at the clock, and whether calls have come since. */
  #notedNs = 0;
  #sawCalls = false;

  /** `arch` is the architecture whose call numbers the batches carry. */
  constructor(plan: FlightPlan, arch: Arch, sink: WindowSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#trigger = new SlotPredicate(plan.trigger, arch);
    this.#rows = new RowBuilder(arch);
    this.#ring = new CallRing(plan.bufferBytes);
    this.#losses = new LossHistory(plan.beforeNs);
  }

  /** False while calls are handed on. */
  get canIngest(): boolean {
    return this.#busy === null;
  }

  /** Resolves when the calls so far have been handed on; rejects when that fails. */
  async room(): Promise<void> {
    await this.#busy;
  }

  /** Takes a batch; its columns come back when it has been handed on. */
  ingest(batch: EventBatch): Promise<EventColumns> {
    this.#sawCalls ||= batch.length > 0;
    this.#rows.apply(batch);
    this.#ring.name(batch);
    for (const task of batch.tasks) this.#trigger.task(task);
    for (const { slot, path } of batch.files) this.#trigger.file(slot, path);
    if (this.#window === null && this.#nextMatch(batch, 0) === batch.length) {
      this.#keep(batch, 0, batch.length);
      return Promise.resolve(batch.columns);
    }
    return this.#while(this.#handOn(batch)).then(() => batch.columns);
  }

  /** A window ends by the clock when no calls come that end it. */
  noteLoss(loss: Loss, timeNs: number): void {
    if (!this.#sawCalls && this.#busy === null) {
      // What had ended by the last look has arrived by now.
      this.#arrivedNs = Math.max(this.#arrivedNs, this.#notedNs);
      if (this.#window !== null && this.#notedNs > this.#window.untilNs) this.#close(this.#window);
    }
    this.#losses.note(loss, timeNs, this.#arrivedNs);
    this.#notedNs = timeNs;
    this.#sawCalls = false;
  }

  /** Ends the last window when the trace has ended, at `endNs`. */
  async finish(endNs: number): Promise<void> {
    await this.#busy;
    const window = this.#window;
    if (window !== null) this.#close({ ...window, untilNs: Math.min(window.untilNs, endNs) });
    await this.#ending;
  }

  async #handOn(batch: EventBatch): Promise<void> {
    const { columns, length } = batch;
    if (this.#window !== null && batch.tasks.length + batch.files.length > 0) {
      await this.#write({ ...batch, length: 0, columns: createColumns(1) });
    }
    for (let i = 0; i < length;) {
      const window = this.#window;
      if (window === null) {
        const match = this.#nextMatch(batch, i);
        const end = Math.min(length, match + 1);
        this.#keep(batch, i, end);
        i = end;
        if (match < length) await this.#open(endOfCall(columns, match), this.#rows.row(match));
      } else {
        const end = this.#endOfWindow(batch, i, window);
        if (end > i) {
          await this.#write({ ...partOfBatch(batch, i, end), tasks: [], files: [] });
          this.#arrivedNs = endOfCall(columns, end - 1);
        }
        i = end;
        if (end < length) this.#close(window);
      }
    }
  }

  /** The first call from `from` on that matches; the length of the batch when none does. */
  #nextMatch({ columns, length }: EventBatch, from: number): number {
    let i = from;
    while (i < length && !this.#trigger.holds(columns, i)) i++;
    return i;
  }

  /** The first call from `from` on that ended after the window, which goes on with every match. */
  #endOfWindow({ columns, length }: EventBatch, from: number, window: FlightWindow): number {
    let i = from;
    for (; i < length; i++) {
      const endNs = endOfCall(columns, i);
      if (endNs > window.untilNs) break;
      if (!this.#trigger.holds(columns, i)) continue;
      window.matches++;
      window.lastNs = Math.max(window.lastNs, endNs);
      window.untilNs = window.lastNs + this.#plan.afterNs;
    }
    return i;
  }

  #keep(batch: EventBatch, from: number, to: number): void {
    if (from === to) return;
    this.#arrivedNs = endOfCall(batch.columns, to - 1);
    this.#ring.push(batch, from, to, this.#arrivedNs - this.#plan.beforeNs);
  }

  /** Begins a window with what is kept. */
  async #open(endNs: number, call: StreamRow): Promise<void> {
    await this.#ending;
    const { beforeNs, afterNs } = this.#plan;
    const wantedNs = Math.max(0, endNs - beforeNs, this.#overNs);
    const fromNs = Math.max(wantedNs, this.#ring.droppedEndNs);
    const window = {
      fromNs,
      untilNs: endNs + afterNs,
      firstNs: endNs,
      lastNs: endNs,
      matches: 1,
      rows: 0,
      call,
      isCut: fromNs > wantedNs,
      lossBefore: this.#losses.at(fromNs),
    };
    this.#window = window;
    this.windows++;
    this.#sink.begin(window);
    for (const part of this.#ring.take(fromNs)) await this.#write(part);
  }

  /** Hands on a part of the batch that belongs to the window. The part is ours. */
  async #write(part: EventBatch): Promise<void> {
    const window = this.#window!;
    for (let i = 0; i < part.length; i++) part.columns.enterNs[i] -= window.fromNs;
    const tasks = part.tasks.map((task) => (
      { ...task, processStartNs: task.processStartNs - window.fromNs }
    ));
    window.rows += part.length;
    if (!this.#sink.canIngest) await this.#sink.room();
    this.#sink.ingest({ ...part, tasks }).catch(() => {}); // a failure shows at the end of the window
  }

  #close(window: FlightWindow): void {
    this.#window = null;
    this.#overNs = window.untilNs;
    this.#ending = this.#sink.end(window);
    this.#ending.catch(() => {}); // whoever awaits it sees the reason
  }

  /** Takes no batches until `work` is done. */
  async #while(work: Promise<void>): Promise<void> {
    this.#busy = work;
    await work;
    this.#busy = null;
  }
}
