import type { Player } from "../../runtime/contracts.ts";
import type { EventBatch, EventColumns } from "../../runtime/event_batch.ts";
import { parseTime } from "../../runtime/rfc3339.ts";
import { partOfBatch } from "../batch_copies.ts";
import type { BatchConsumer } from "../batch_consumer.ts";
import { FanOut } from "../fan_out.ts";
import { inOrder } from "../recording/in_order.ts";
import type { Recording } from "../recording/open_recording.ts";
import type { BatchFilter } from "./batch_filter.ts";
import { selectedBatches } from "./selected_batches.ts";

/** The part of a recording that is played. */
export type PlayedRecording = Pick<Recording, "batches" | "recycle" | "header" | "startedWallNs">;

/** What a playback feeds. */
export interface PlaybackTargets {
  consumers: readonly BatchConsumer[];
  /** Makes them forget what they have been given. */
  reset(): Promise<void>;
}

/** Plays a recording: feeds its calls to consumers up to the moment that is asked for. */
export class Playback implements Player {
  readonly startNs: number;
  readonly endNs: number;
  readonly #recording: PlayedRecording;
  readonly #targets: PlaybackTargets;
  readonly #fanOut: FanOut;
  #atNs: number;
  /** The filter of the next reading, made anew for each: it keeps the names of what it has seen. */
  #filter: () => BatchFilter | null;
  #reading: Reading;
  readonly #failure = Promise.withResolvers<never>();
  /** Rejects when the recording cannot be read on: whatever is counted from then on lacks calls. */
  readonly failed: Promise<never> = this.#failure.promise;
  /** Calls fed since the beginning. */
  calls = 0;

  /** `filter` makes the filter of a reading, `null` for one that selects everything; `endNs` is the last moment. */
  constructor(
    recording: PlayedRecording,
    filter: () => BatchFilter | null,
    targets: PlaybackTargets,
    endNs: number,
  ) {
    const { header: { covers }, startedWallNs } = recording;
    const coveredNs = covers && parseTime(covers.from);
    this.startNs = this.#atNs = coveredNs ? Number(coveredNs - startedWallNs) : 0;
    this.endNs = Math.max(this.startNs, endNs);
    this.#recording = recording;
    this.#targets = targets;
    this.#filter = filter;
    this.#fanOut = new FanOut(targets.consumers, (columns) => this.#recycle(columns));
    this.#reading = new Reading(recording, filter());
    this.failed.catch(() => {}); // whoever awaits it sees the reason
  }

  get atNs(): number {
    return this.#atNs;
  }

  async seek(atNs: number): Promise<void> {
    const wanted = Math.min(Math.max(atNs, this.startNs), this.endNs);
    if (wanted < this.#atNs) await this.rewind();
    try {
      // The last calls may have ended while the trace was being ended.
      await this.#feed(wanted === this.endNs ? Infinity : wanted);
    } catch (error) {
      this.#failure.reject(error);
      throw error;
    }
    this.#atNs = wanted;
  }

  async #feed(untilNs: number): Promise<void> {
    for (
      let batch = await this.#reading.next(untilNs);
      batch !== null;
      batch = await this.#reading.next(untilNs)
    ) {
      this.calls += batch.length;
      await this.#fanOut.feed({ kind: "batch", batch });
    }
  }

  /** Goes back to the first moment, from where `filter` selects the calls. */
  async rewind(filter: () => BatchFilter | null = this.#filter): Promise<void> {
    await this.#reading.end();
    await this.#targets.reset();
    this.#filter = filter;
    this.#reading = new Reading(this.#recording, filter());
    this.#atNs = this.startNs;
    this.calls = 0;
  }

  /** Ends the reading of the recording. */
  end(): Promise<void> {
    return this.#reading.end();
  }

  #recycle(columns: EventColumns): void {
    this.#recording.recycle(columns);
  }
}

/** When a recording ends: its trace, or its last call when the recording was cut off and does not say. */
export async function endOf(recording: PlayedRecording): Promise<number> {
  const { header: { wall_ns } } = recording;
  if (wall_ns > 0) return wall_ns;
  let endNs = 0;
  for await (const { columns, length } of recording.batches()) {
    for (let i = 0; i < length; i++) endNs = Math.max(endNs, callEnd(columns, i));
    recording.recycle(columns);
  }
  return endNs;
}

/** One reading of a recording, from its first call on. */
class Reading {
  readonly #batches: AsyncGenerator<EventBatch, void, void>;
  #batch: EventBatch | null = null;
  /** The first call of the batch that has not been given. */
  #next = 0;

  constructor(recording: PlayedRecording, filter: BatchFilter | null) {
    this.#batches = selectedBatches(inOrder(recording), filter);
  }

  /** The next calls, all of which had ended by then; `null` when there are none. */
  async next(untilNs: number): Promise<EventBatch | null> {
    const batch = this.#batch ??= (await this.#batches.next()).value ?? null;
    if (batch === null) return null;
    const from = this.#next;
    const to = firstAfter(batch, from, untilNs);
    if (to === batch.length) this.#batch = null;
    if (to < batch.length && to === from) return null;
    this.#next = this.#batch === null ? 0 : to;
    return from === 0 && to === batch.length ? batch : partOfBatch(batch, from, to);
  }

  async end(): Promise<void> {
    await this.#batches.return();
  }
}

/** The first call from `from` on that had not ended by then. Calls are in the order of their ends. */
function firstAfter({ columns, length }: EventBatch, from: number, untilNs: number): number {
  let at = from;
  while (at < length && callEnd(columns, at) <= untilNs) at++;
  return at;
}

/** When a call ended; one that does not return counts when it began. */
function callEnd({ enterNs, durationNs }: EventColumns, i: number): number {
  const ns = durationNs[i];
  return enterNs[i] + (ns === ns ? ns : 0);
}
