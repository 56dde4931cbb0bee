import type { Recorder } from "../runtime/contracts.ts";
import type { EventBatch, EventColumns } from "../runtime/event_batch.ts";
import { PathNames } from "../runtime/path_names.ts";
import { TaskNames } from "../runtime/task_names.ts";
import type { BatchKeeper } from "./batch_consumer.ts";

/**
 * Hands the batches of a running trace to the recorder that the interface has now, if any. A recorder may come at any
 * time: its first batch carries the names that it has missed.
 */
export class RecorderFeed implements BatchKeeper {
  /** The columns go to the recorder. */
  readonly keepsColumns = true;
  readonly #current: () => Recorder | null;
  /** Names by slot. */
  readonly #tasks = new TaskNames();
  readonly #files = new PathNames();
  /** The recorder that knows these names. */
  #informed: Recorder | null = null;

  /** `current` is asked at each batch. */
  constructor(current: () => Recorder | null) {
    this.#current = current;
  }

  /** The names of all batches so far. */
  names(): Pick<EventBatch, "tasks" | "files"> {
    return { tasks: [...this.#tasks.all()], files: [...this.#files.all()] };
  }

  /** True while the recorder has room, and without one. */
  get canIngest(): boolean {
    return this.#current()?.canIngest ?? true;
  }

  /** Resolves when there is room. */
  async room(): Promise<void> {
    await this.#current()?.room();
  }

  /** Hands a batch on, or gives its columns back. */
  ingest(batch: EventBatch): Promise<EventColumns | null> {
    for (const name of batch.tasks) this.#tasks.set(name);
    for (const name of batch.files) this.#files.set(name);
    const recorder = this.#current();
    if (recorder === null) {
      this.#informed = null;
      return Promise.resolve(batch.columns);
    }
    const isInformed = recorder === this.#informed;
    this.#informed = recorder;
    return recorder.ingest(
      isInformed ? batch : { ...batch, ...this.names() },
    );
  }
}
