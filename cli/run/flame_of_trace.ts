import { FlameClient, machineArch } from "../../engine/mod.ts";
import { MAX_TRIE_NODES } from "../../runtime/flame_messages.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { FlameBeside } from "../options/mod.ts";
import { formatOfName } from "../flame/mod.ts";
import { FlameOutput, runCaption } from "./flame_output.ts";
import { countedHeader } from "./run_header.ts";
import type { TraceRun } from "./run_session.ts";
import type { Look } from "./terminal.ts";
import { traceUser } from "./trace_user.ts";

/** The flamegraph that a trace writes beside its report. */
export class FlameOfTrace implements AsyncDisposable {
  /** Consumes the batches. */
  readonly consumer: FlameClient;
  readonly #output: FlameOutput;
  readonly #resources: AsyncDisposableStack;

  private constructor(consumer: FlameClient, output: FlameOutput, resources: AsyncDisposableStack) {
    this.consumer = consumer;
    this.#output = output;
    this.#resources = resources;
  }

  /** Makes the file and the trie. */
  static async open(
    { path, fields, metric }: FlameBeside,
    run: Pick<TraceRun, "onAbandon">,
  ): Promise<FlameOfTrace> {
    await using resources = new AsyncDisposableStack();
    const target = { path, format: formatOfName(path), metric, split: false, inverted: false };
    const output = resources.use(await FlameOutput.open(target, traceUser()));
    run.onAbandon(() => output.abandon());
    const config = { arch: machineArch(), fields, metric, maxNodes: MAX_TRIE_NODES };
    const client = resources.use(await FlameClient.start(config));
    return new FlameOfTrace(client, output, resources.move());
  }

  /** Writes the file. */
  async write(header: ReportHeader, look: Look): Promise<void> {
    const profile = await this.consumer.profile();
    await this.#output.write(profile, runCaption(countedHeader(header), profile), look);
  }

  /** Removes what was not completed, and ends the trie. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
