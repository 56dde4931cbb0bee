/** The interface's side of the contract: what a trace publishes, and what is lent to it. */
import type {
  EventSink,
  FileSessionSource,
  LiveFilterSetter,
  LiveTrieSource,
  MappedIoSource,
  ProbeManager,
  Recorder,
  ResettableSnapshotSource,
  RowsSwitch,
  StreamSequencer,
  StreamSource,
  TraceRuntimeBindings,
} from "../../runtime/contracts.ts";

/** Who may want single rows. */
type RowsUser = "view" | "recording";

/**
 * What outlives a restart of the trace: rows, their numbers, the recorder and the epoch of the filter; and what the running
 * trace has published, `null` where there is none.
 */
export class TopInterface implements TraceRuntimeBindings {
  stats: ResettableSnapshotSource | null = null;
  rows: StreamSource | null = null;
  sessions: FileSessionSource | null = null;
  mapped: MappedIoSource | null = null;
  trie: LiveTrieSource | null = null;
  probes: ProbeManager | null = null;
  setFilter: LiveFilterSetter | null = null;
  /** What writes rows to a file. */
  recording: Recorder | null = null;
  readonly #buffer: EventSink | null;
  readonly #sequencer: StreamSequencer;
  #epoch = 1;
  readonly #rowsUsers = new Set<RowsUser>();
  #turnRows: RowsSwitch | null = null;
  #followsFiles: boolean;

  /** Without a buffer the trace keeps no rows. `followsFiles` when open file descriptions are followed from the start. */
  constructor(buffer: EventSink | null, sequencer: StreamSequencer, followsFiles = false) {
    this.#followsFiles = followsFiles;
    this.#buffer = buffer;
    this.#sequencer = sequencer;
  }

  streamBuffer(): EventSink | null {
    return this.#buffer;
  }

  /** Adds a warning to the rows, after those that are there. */
  warn(warning: string, timeNs: number): void {
    const seq = this.#buffer?.snapshot().at(-1)?.seq ?? 0;
    this.#buffer?.push({ seq, timeNs, warning });
  }

  /** True while somebody wants single rows. */
  get wantsRows(): boolean {
    return this.#rowsUsers.size > 0;
  }

  /** Notes who wants single rows. Resolves when every call that ends has one, as long as somebody does. */
  async wantRows(user: RowsUser, wanted: boolean): Promise<void> {
    const before = this.wantsRows;
    if (wanted) this.#rowsUsers.add(user);
    else this.#rowsUsers.delete(user);
    if (this.wantsRows !== before) await this.#turnRows?.(this.wantsRows);
  }

  /** True while open file descriptions are followed. */
  get followsFiles(): boolean {
    return this.#followsFiles;
  }

  /** Follows open file descriptions, or forgets them. */
  async followFiles(wanted: boolean): Promise<void> {
    this.#followsFiles = wanted;
    await this.sessions?.follow(wanted);
  }

  recorder(): Recorder | null {
    return this.recording;
  }

  streamSequencer(): StreamSequencer {
    return this.#sequencer;
  }

  filterEpoch(): number {
    return this.#epoch;
  }

  setDashboardSnapshotSource(source: ResettableSnapshotSource | null): void {
    this.stats = source;
  }

  setEventStreamSource(source: StreamSource | null): void {
    this.rows = source;
  }

  setFileSessionSource(source: FileSessionSource | null): void {
    this.sessions = source;
  }

  setMappedIoSource(source: MappedIoSource | null): void {
    this.mapped = source;
  }

  setLiveTrie(trie: LiveTrieSource | null): void {
    this.trie = trie;
  }

  setProbeManager(manager: ProbeManager | null): void {
    this.probes = manager;
  }

  setLiveFilterSetter(setter: LiveFilterSetter | null): void {
    this.setFilter = setter === null ? null : async (filter) => this.#epoch = await setter(filter);
  }

  setRowsSwitch(turn: RowsSwitch | null): void {
    this.#turnRows = turn;
  }
}
