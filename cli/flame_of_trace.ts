import { type BatchConsumer, BatchCopies, FlameClient, machineArch } from "../engine/mod.ts";
import type { EventColumns } from "../runtime/event_batch.ts";
import { MAX_TRIE_NODES } from "../runtime/flame_messages.ts";
import type { FlameBeside } from "./options/mod.ts";
import { formatOfName } from "./flame/mod.ts";
import { FlameOutput, runCaption } from "./flame_output.ts";
import type { Run } from "./run_session.ts";
import { traceUser } from "./trace_user.ts";

/** The flamegraph that a trace writes beside its report. */
export class FlameOfTrace implements AsyncDisposable {
  readonly #options: FlameBeside;
  readonly #resources = new AsyncDisposableStack();
  #client: FlameClient | null = null;
  #output: FlameOutput | null = null;

  constructor(options: FlameBeside) {
    this.#options = options;
  }

  /** Makes the file and the trie; gives what takes the batches. */
  async start(): Promise<BatchConsumer> {
    const { path, fields, metric } = this.#options;
    const target = { path, format: formatOfName(path), metric, split: false, inverted: false };
    this.#output = this.#resources.use(await FlameOutput.open(target, traceUser()));
    const emptied: EventColumns[] = [];
    const config = { arch: machineArch(), fields, metric, maxNodes: MAX_TRIE_NODES };
    this.#client = await FlameClient.start(config, { onEmptied: (columns) => void emptied.push(columns) });
    return this.#resources.use(new BatchCopies(this.#client, emptied));
  }

  /** Writes the file. */
  async write(run: Run): Promise<void> {
    const profile = await this.#client!.profile();
    await this.#output!.write(profile, runCaption(run.header(), profile), run.look);
  }

  /** Removes what was not completed, and ends the trie. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
