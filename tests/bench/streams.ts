/** Streams of calls as the reader makes them, for measuring what consumes them; nothing of the kernel is needed. */
import { createColumns, type EventBatch, type FileName } from "../../runtime/event_batch.ts";
import { STATS_LIMITS } from "../../runtime/messages.ts";
import { random, taskName } from "../engine/batches.ts";

/** Calls of a batch. */
export const CALLS = 16_384;

/** As many batches as are under way between decoder and worker, so that they are as far from the processor. */
const BATCHES = 8;

/** How often the batches are counted: first for the compiler, then to find the quiet moments of a shared machine. */
const WARM_ROUNDS = 15;
const ROUNDS = 40;

/** The system calls of a varied stream: read, write, openat, close, fstat, newfstatat, lseek, ioctl and others. */
const NUMBERS = [0, 1, 257, 3, 5, 262, 8, 16, 74, 87, 9, 217];

/** What calls of a stream are drawn from. */
export interface Stream {
  name: string;
  files: number;
  tasks: number;
  /** One reader that copies one byte at a time, in place of everything at random. */
  patterned: boolean;
}

/** From the plainest to more than is kept apart. */
export const STREAMS: readonly Stream[] = [
  { name: "one file, read and write in turn", files: 1, tasks: 1, patterned: true },
  { name: "100 files, 8 processes, at random", files: 100, tasks: 8, patterned: false },
  { name: "1,000 files, 20 processes, at random", files: 1_000, tasks: 20, patterned: false },
  { name: "18,000 files, 500 processes, at random", files: 18_000, tasks: 500, patterned: false },
  {
    name: "twice as many files as are kept apart",
    files: 2 * STATS_LIMITS.maxFiles,
    tasks: 500,
    patterned: false,
  },
];

/** What one stream cost. */
export interface StreamCost {
  stream: string;
  /** Nanoseconds per call, those of the quietest tenth of all batches. */
  nsPerCall: number;
  /** The mean of all batches, what comes once in many included. */
  meanNsPerCall: number;
  /** The quiet figure as a multiple of a loop that only reads the columns. */
  ratio: number;
}

/** What takes batches in. */
interface Ingester {
  ingest(batch: EventBatch): void;
}

/** Measures what counting a stream costs, beside a loop that only reads the same columns. */
export function measureStream(stream: Stream, engine: Ingester): StreamCost {
  const batches = streamBatches(stream);
  for (let round = 0; round < WARM_ROUNDS; round++) {
    for (const batch of batches) {
      engine.ingest(batch);
      readColumns(batch);
      batch.tasks = [];
      batch.files = [];
    }
  }
  const counting: number[] = [];
  const reading: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const batch of batches) {
      reading.push(nsPerCall(() => readColumns(batch)));
      counting.push(nsPerCall(() => engine.ingest(batch)));
    }
  }
  return resultOf(stream.name, counting, reading);
}

/** Each call opens a file that was never seen: beyond the limit they are folded all the time. */
export function measureNewFiles(engine: Ingester): StreamCost {
  const [batch] = streamBatches(STREAMS[0]);
  const counting: number[] = [];
  const reading: number[] = [];
  let named = 0;
  for (let round = 0; named < 1_000_000; round++) {
    batch.tasks = round === 0 ? [taskName(1, 1)] : [];
    batch.files = Array.from({ length: CALLS }, (_, i): FileName => {
      const id = named++;
      batch.columns.file[i] = 1 + id % 65_536;
      return { slot: 1 + id % 65_536, path: ["", "data", id % 500, id % 4_000, `file-${id}`].join("/") };
    });
    reading.push(nsPerCall(() => readColumns(batch)));
    counting.push(nsPerCall(() => engine.ingest(batch)));
  }
  const cost = resultOf("every file a new one", counting, reading);
  // Folding comes once in many batches: the mean, not the quiet ones.
  return { ...cost, nsPerCall: cost.meanNsPerCall, ratio: cost.meanNsPerCall / quietTenth(reading) };
}

/** The batches of a stream; the first has all names. */
export function streamBatches({ files, tasks, patterned }: Stream): EventBatch[] {
  const next = random(11);
  const batches = Array.from({ length: BATCHES }, (_, b): EventBatch => {
    const columns = createColumns(CALLS);
    for (let i = 0; i < CALLS; i++) {
      const wide = patterned ? 150 + 100 * next() : Math.exp(5 + 8 * next() * next() + 3 * next());
      columns.enterNs[i] = (b * CALLS + i) * 1_000;
      columns.durationNs[i] = Math.floor(wide);
      columns.gapNs[i] = Math.floor(patterned ? 300 + 100 * next() : Math.exp(5 + 9 * next()));
      columns.ret[i] = !patterned && next() < 0.1 ? -2n : 512n;
      columns.bytes[i] = patterned ? 1 : Math.floor(next() * 65_536);
      columns.nr[i] = patterned ? i & 1 : NUMBERS[Math.floor(next() * next() * NUMBERS.length)];
      // Some files and processes are busier than others.
      columns.task[i] = 1 + Math.floor(next() * next() * tasks);
      columns.file[i] = 1 + Math.floor(next() * next() * files);
      columns.fd[i] = 3;
    }
    return { length: CALLS, firstSeq: 1 + b * CALLS, epoch: 1, columns, tasks: [], files: [] };
  });
  batches[0].tasks = Array.from({ length: tasks }, (_, i) => taskName(i + 1, i + 1));
  batches[0].files = Array.from(
    { length: files },
    (_, i) => ({ slot: i + 1, path: `/data/${i % 50}/${i % 700}/file-${i}` }),
  );
  return batches;
}

/** The ceiling: looks at everything the engine must look at, and keeps nothing. */
function readColumns({ columns, length }: EventBatch): number {
  const { enterNs, durationNs, gapNs, bytes, nr, task, file, flags } = columns;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum += enterNs[i] + durationNs[i] + gapNs[i] + bytes[i] + nr[i] + task[i] + file[i] + flags[i];
  }
  return sum;
}

function nsPerCall(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1e6 / CALLS;
}

function resultOf(stream: string, counting: number[], reading: number[]): StreamCost {
  const ns = quietTenth(counting);
  const meanNsPerCall = counting.reduce((sum, ns) => sum + ns, 0) / counting.length;
  return { stream, nsPerCall: ns, meanNsPerCall, ratio: ns / quietTenth(reading) };
}

/** The value that a tenth of all are below: what a moment without others on the machine gives. */
export function quietTenth(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)];
}
