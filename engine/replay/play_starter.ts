import type {
  FileSessionSource,
  Player,
  Progress,
  ResettableSnapshotSource,
  TraceContext,
  TraceSession,
} from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import type { FlameConfig } from "../../runtime/flame_messages.ts";
import { cloneFilter, type Filter } from "../../runtime/filter/mod.ts";
import type { Loss } from "../../runtime/loss.ts";
import type { ReportMappedIo } from "../../runtime/report.ts";
import type { StatsConfig } from "../../runtime/messages.ts";
import type { Recording } from "../recording/open_recording.ts";
import { ownStarting } from "../session/own_starting.ts";
import { Publication } from "../session/publication.ts";
import { StreamFeed } from "../stream_feed.ts";
import { FlameClient } from "../workers/flame_client.ts";
import { StatsClient } from "../workers/stats_client.ts";
import { batchFilter } from "./batch_filter.ts";
import { endOf, Playback } from "./playback.ts";

/** What is played, and how it is counted. */
export interface PlayPlan {
  recording: Recording;
  /** Limits of the statistics. */
  stats: StatsConfig;
  /** Frames and limits of the trie. */
  flame: FlameConfig;
  /** The mapped I/O of the recording that a filter selects, `null` when it has none. */
  mapped: (filter: Filter) => ReportMappedIo | null;
}

/** A recording that is played for an interface, which sees what it would see of a trace. */
export class PlaySession implements TraceSession {
  /** Rejects when the recording cannot be read on. */
  readonly ended: Promise<void>;
  /** Moves it on. */
  readonly player: Player;
  readonly #playback: Playback;
  readonly #recording: Pick<Recording, "header">;
  readonly #publication: Publication;
  readonly #resources: AsyncDisposableStack;
  readonly #end: () => void;

  /** As {@linkcode playStarter} makes it. */
  constructor(
    playback: Playback,
    recording: Pick<Recording, "header">,
    publication: Publication,
    resources: AsyncDisposableStack,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ended = promise;
    this.ended.catch(() => {}); // whoever awaits it sees the reason
    this.#end = resolve;
    playback.failed.catch(reject);
    this.player = this.#playback = playback;
    this.#recording = recording;
    this.#publication = publication;
    this.#resources = resources;
  }

  /**
   * Calls played since the beginning, and the loss of the whole recording: when calls were lost is not recorded. It is unknown
   * from when a segment is gone that should have been read.
   */
  progress(): Progress {
    return { calls: this.#playback.calls, loss: this.#recording.header.loss as Loss };
  }

  stop(): Promise<void> {
    this.#publication.endControls();
    this.#end();
    return this.ended;
  }

  /** Ends it, and withdraws what it has published. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => {}); // it has been said
    await this.#resources.disposeAsync();
  }
}

/**
 * Plays a recording under the filter of the context, which selects from what was recorded. Another filter, other frames
 * and another metric count from the beginning.
 */
export function playStarter(plan: PlayPlan): (context: TraceContext) => Promise<PlaySession> {
  return async (context) => {
    const selection = context.filter();
    const bindings = context.bindings();
    if (!selection) throw new IorError("runtime", "Cannot play a recording without a filter");
    if (!bindings) throw new IorError("runtime", "Cannot play a recording without bindings");
    await using resources = new AsyncDisposableStack();
    const { recording } = plan;
    const { arch } = recording;
    const startingStats = ownStarting(resources, StatsClient.start(plan.stats));
    const startingTrie = ownStarting(resources, FlameClient.start(plan.flame));
    const [stats, trie] = [await startingStats, await startingTrie];
    const rows = bindings.streamBuffer();
    const feed = rows && new StreamFeed(arch, rows);
    const { FileSessionFeed } = await import("../file_session_feed.ts");
    // A reading from the beginning brings all names.
    const sessions = new FileSessionFeed(arch, () => ({ tasks: [], files: [] }));
    const playback: Playback = new Playback(recording, () => batchFilter(selection, arch), {
      consumers: [...(feed ? [feed] : []), sessions, stats, trie],
      async reset() {
        await stats.reset(playback.startNs);
        await trie.reset();
        feed?.retain(() => false);
        sessions.reset();
      },
    }, await endOf(recording));
    resources.defer(() => playback.end());
    let filter = selection;
    const setFilter = async (wanted: Filter) => {
      const next = cloneFilter(wanted);
      batchFilter(next, arch); // refuses what cannot be used, before anything changes
      await playback.rewind(() => batchFilter(next, arch));
      filter = next;
      return bindings.filterEpoch();
    };
    const reshaped = () => playback.rewind();
    const source: FileSessionSource = {
      async follow(wanted) {
        await sessions.follow(wanted);
        if (wanted) await playback.rewind();
      },
      snapshot: () => sessions.snapshot(),
    };
    const counted: ResettableSnapshotSource = {
      snapshot: (request) => stats.snapshot(request),
      snapshotAndReset: () => stats.snapshotAndReset(playback.atNs),
    };
    const published = {
      ...{ stats: counted, trie, reshaped, rows: feed, sessions: source, setFilter },
      ...{ mapped: { snapshot: () => plan.mapped(filter) }, turnRows: null, probes: null },
    };
    const publication = resources.use(new Publication(bindings, published));
    return new PlaySession(playback, recording, publication, resources.move());
  };
}
