/** The interface's side of the contract for tests: it keeps what the engine publishes. */
import { StreamRing } from "../../../engine/mod.ts";
import { RowSequencer } from "../../../engine/sequencer.ts";
import type {
  FileSessionSource,
  LiveFilterSetter,
  LiveTrieSource,
  MappedIoSource,
  ProbeManager,
  Recorder,
  ResettableSnapshotSource,
  RowsSwitch,
  StreamSource,
  TraceRuntimeBindings,
} from "../../../runtime/contracts.ts";

/** What is published now; `null` before and after a session. */
export interface Published {
  stats: ResettableSnapshotSource | null;
  rows: StreamSource | null;
  sessions: FileSessionSource | null;
  mapped: MappedIoSource | null;
  trie: LiveTrieSource | null;
  probes: ProbeManager | null;
  setFilter: LiveFilterSetter | null;
  turnRows: RowsSwitch | null;
}

/** Bindings, and what comes in by them. */
export function fakeInterface(epoch = 1) {
  const published: Published = {
    stats: null,
    rows: null,
    sessions: null,
    mapped: null,
    trie: null,
    probes: null,
    setFilter: null,
    turnRows: null,
  };
  const ring = new StreamRing();
  const sequencer = new RowSequencer();
  const lent: { recorder: Recorder | null } = { recorder: null };
  const bindings: TraceRuntimeBindings = {
    streamBuffer: () => ring,
    recorder: () => lent.recorder,
    streamSequencer: () => sequencer,
    filterEpoch: () => epoch,
    setDashboardSnapshotSource: (source) => void (published.stats = source),
    setEventStreamSource: (source) => void (published.rows = source),
    setFileSessionSource: (source) => void (published.sessions = source),
    setMappedIoSource: (source) => void (published.mapped = source),
    setLiveTrie: (trie) => void (published.trie = trie),
    setProbeManager: (manager) => void (published.probes = manager),
    setLiveFilterSetter: (setter) => void (published.setFilter = setter),
    setRowsSwitch: (turn) => void (published.turnRows = turn),
  };
  return { bindings, published, ring, lent };
}
