import { type BatchConsumer, BatchCopies, machineArch, RecorderClient } from "../engine/mod.ts";
import type { RecorderStatus } from "../runtime/contracts.ts";
import { IorError } from "../runtime/errors.ts";
import type { EventColumns } from "../runtime/event_batch.ts";
import type { RecordingTarget } from "../runtime/recording.ts";
import type { RecordTarget } from "./options/mod.ts";
import type { Run } from "./run_session.ts";
import { formatCount } from "./text/format.ts";
import { traceUser } from "./trace_user.ts";

/** Pause between two looks at what is known of the run, for the segments that end meanwhile. */
const UPDATE_MS = 1000;

/** The recording that a trace writes. */
export class RecordingOfTrace implements AsyncDisposable {
  readonly #target: RecordingTarget;
  readonly #resources = new AsyncDisposableStack();
  #client: RecorderClient | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** How it ended; `null` until then. */
  status: RecorderStatus | null = null;

  /** Throws an `IorError` of code `usage` for flags of segments with a file. */
  constructor(target: RecordTarget) {
    this.#target = recordingTarget(target);
  }

  /**
   * Makes the file or the directory; gives what takes the batches. Their columns go to `recycle`; without it a consumer
   * behind this one has the batches, and this one has copies.
   */
  async start(recycle?: (columns: EventColumns) => void): Promise<BatchConsumer> {
    const emptied: EventColumns[] = [];
    const onEmptied = recycle ?? ((columns) => void emptied.push(columns));
    const config = { arch: machineArch(), target: this.#target, owner: traceUser() };
    this.#client = this.#resources.use(await RecorderClient.open(config, { onEmptied }));
    return recycle ? this.#client : this.#resources.use(new BatchCopies(this.#client, emptied));
  }

  /** Says what is known of the run; rows are written from then on. */
  begin({ session, header }: Run): void {
    const client = this.#client!;
    // What goes wrong shows at the next batch, or at the end.
    client.start({ startedWallNs: session.facts.startedWallNs, header: header() }).catch(() => {});
    if (this.#target.kind === "file") return;
    this.#timer = setInterval(() => client.update(header()).catch(() => {}), UPDATE_MS);
    this.#resources.defer(() => clearInterval(this.#timer));
  }

  /** Completes the recording, and says on standard error what came of it. */
  async finish({ session, header }: Run, quiet: boolean): Promise<void> {
    clearInterval(this.#timer);
    const { running } = session.summary();
    const status = this.status = await this.#client!.stop({ header: header(), running });
    for (const line of statusLines(status, quiet)) console.error(`ior: ${line}`);
  }

  /** True when rows are missing from it. */
  get hasFailed(): boolean {
    return this.status !== null && (this.status.lastError !== null || this.status.dropped > 0);
  }

  /** Removes what was not completed. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** A name that ends in a slash, or is a directory's, means segments in it. Throws where they are asked for of a file. */
function recordingTarget({ path, segmentFlag, ...limits }: RecordTarget): RecordingTarget {
  if (path.endsWith("/") || isDirectory(path)) return { kind: "directory", path, ...limits };
  if (segmentFlag === null) return { kind: "file", path };
  throw new IorError(
    "usage",
    `Cannot use ${segmentFlag} with ${path}: a file has no segments, a directory has`,
    {
      hint: `Leave ${segmentFlag} out, or end the name in a slash: ${path.replace(/\.parquet$/, "")}/`,
    },
  );
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // whoever makes the file says what is wrong
  }
}

function statusLines({ path, rows, dropped, lastError }: RecorderStatus, quiet: boolean): string[] {
  const lines: string[] = [];
  if (lastError !== null) lines.push(lastError);
  if (dropped > 0) lines.push(`${formatCount(dropped)} calls are not in the recording`);
  if (lastError !== null && rows === 0) lines.push(`Nothing is recorded in ${path}`);
  else if (!quiet || lines.length > 0) lines.push(`${formatCount(rows)} calls recorded in ${path}`);
  return lines;
}
