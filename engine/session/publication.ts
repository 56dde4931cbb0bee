import type {
  FileSessionSource,
  LiveFilterSetter,
  LiveTrieSource,
  MappedIoSource,
  MaybePromise,
  ProbeManager,
  ResettableSnapshotSource,
  RowsSwitch,
  RuntimePublisher,
  StreamSource,
} from "../../runtime/contracts.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";
import { traceEnded } from "./running_trace.ts";

/** What a session publishes. */
export interface Published {
  stats: ResettableSnapshotSource;
  trie: LiveTrieSource;
  /** What has to follow when the frames or the metric of the trie have changed; left out for nothing. */
  reshaped?: () => Promise<void>;
  /** Where the interface reads rows, `null` when it keeps none. */
  rows: StreamSource | null;
  sessions: FileSessionSource;
  mapped: MappedIoSource;
  setFilter: LiveFilterSetter;
  /** Turns single rows on and off, `null` where every call has one. */
  turnRows: RowsSwitch | null;
  /** What turns calls on and off, `null` where nothing does. */
  probes: ProbeManager | null;
}

/**
 * What a session has published. The controls are withdrawn when the trace ends, the sources when the session is disposed
 * of. Answers that arrive later are dropped.
 */
export class Publication implements Disposable {
  readonly #publisher: RuntimePublisher;
  readonly #controls = new Gate();
  readonly #sources = new Gate();

  /** Publishes everything. */
  constructor(
    publisher: RuntimePublisher,
    { stats, trie, reshaped, rows, sessions, mapped, setFilter, turnRows, probes }: Published,
  ) {
    this.#publisher = publisher;
    publisher.setDashboardSnapshotSource(gatedStats(stats, this.#sources));
    publisher.setEventStreamSource(rows);
    publisher.setFileSessionSource(gatedSessions(sessions, this.#sources));
    publisher.setMappedIoSource({ snapshot: () => this.#sources.isOpen ? mapped.snapshot() : null });
    publisher.setLiveTrie(gatedTrie(trie, reshaped, this.#sources));
    publisher.setProbeManager(probes && gatedProbes(probes, this.#controls));
    publisher.setLiveFilterSetter((selection) => this.#controls.pass(() => setFilter(selection)));
    publisher.setRowsSwitch(turnRows && ((wanted) => this.#controls.pass(() => turnRows(wanted))));
  }

  /** Withdraws the controls: the trace has ended. Safe to call more than once. */
  endControls(): void {
    if (!this.#controls.close()) return;
    this.#publisher.setProbeManager(null);
    this.#publisher.setLiveFilterSetter(null);
    this.#publisher.setRowsSwitch(null);
  }

  /** Withdraws everything. Safe to call more than once. */
  [Symbol.dispose](): void {
    this.endControls();
    if (!this.#sources.close()) return;
    this.#publisher.setDashboardSnapshotSource(null);
    this.#publisher.setEventStreamSource(null);
    this.#publisher.setFileSessionSource(null);
    this.#publisher.setMappedIoSource(null);
    this.#publisher.setLiveTrie(null);
  }
}

/** Lets answers pass until it is closed. */
class Gate {
  isOpen = true;

  /** True the first time. */
  close(): boolean {
    const wasOpen = this.isOpen;
    this.isOpen = false;
    return wasOpen;
  }

  /** Resolves with the answer; rejects when the gate has been closed by then. */
  async pass<Value>(ask: () => MaybePromise<Value>): Promise<Value> {
    this.#check();
    try {
      return await ask();
    } finally {
      this.#check();
    }
  }

  #check(): void {
    if (!this.isOpen) throw traceEnded();
  }
}

function gatedStats(stats: ResettableSnapshotSource, gate: Gate): ResettableSnapshotSource {
  const orNull = (asked: Promise<StatsSnapshot | null>) =>
    asked.catch((reason) => {
      if (gate.isOpen) throw reason;
      return null;
    });
  return {
    snapshot: (request) => orNull(gate.pass(() => stats.snapshot(request))),
    snapshotAndReset: () => orNull(gate.pass(() => stats.snapshotAndReset())),
  };
}

function gatedSessions(sessions: FileSessionSource, gate: Gate): FileSessionSource {
  return {
    follow: (wanted) => gate.pass(() => sessions.follow(wanted)),
    snapshot: () => gate.isOpen ? sessions.snapshot() : null,
  };
}

function gatedTrie(trie: LiveTrieSource, reshaped: Published["reshaped"], gate: Gate): LiveTrieSource {
  const reshape = (change: () => MaybePromise<void>) =>
    gate.pass(async () => {
      await change();
      await reshaped?.();
    });
  return {
    version: () => gate.pass(() => trie.version()),
    snapshotJson: () => gate.pass(() => trie.snapshotJson()),
    snapshotTree: () => gate.pass(() => trie.snapshotTree()),
    profile: () => gate.pass(() => trie.profile()),
    fields: () => gate.pass(() => trie.fields()),
    countField: () => gate.pass(() => trie.countField()),
    reconfigure: (fields) => reshape(() => trie.reconfigure(fields)),
    setCountField: (metric) => reshape(() => trie.setCountField(metric)),
    reset: () => gate.pass(() => trie.reset()),
  };
}

/** Behind a closed gate there are no probes: the kernel's table is gone. */
function gatedProbes(probes: ProbeManager, gate: Gate): ProbeManager {
  return {
    states: () => gate.isOpen ? probes.states() : [],
    familyStates: () => gate.isOpen ? probes.familyStates() : [],
    toggle: (syscall) => gate.pass(() => probes.toggle(syscall)),
    toggleFamily: (family) => gate.pass(() => probes.toggleFamily(family)),
    toggleMatching: (pattern) => gate.pass(() => probes.toggleMatching(pattern)),
    setAll: (active) => gate.pass(() => probes.setAll(active)),
    activeCount: () => gate.isOpen ? probes.activeCount() : { active: 0, total: 0 },
    intended: () => probes.intended(),
  };
}
