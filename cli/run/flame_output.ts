import type { CallingUser } from "../../engine/mod.ts";
import { type FlameProfile, TRIE_METRICS, type TrieMetric } from "../../runtime/flame.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import { type FlameFormat, type FlamePicture, renderFlame } from "../flame/mod.ts";
import { openOutput, type Output } from "./output.ts";
import { commandText, type HeaderLine, runFacts } from "../report/header_text.ts";
import type { Look } from "./terminal.ts";

/** Width of text in a file or a pipe. */
const PIPE_WIDTH = 120;

/** What to write and where. */
export interface FlameTarget {
  /** Name of the file, `null` for standard output. */
  path: string | null;
  format: FlameFormat;
  /** The metric shown, or shown first. */
  metric: TrieMetric;
  /** A file for each metric. */
  split: boolean;
  /** The root of an SVG at the bottom. */
  inverted: boolean;
}

/** Caption of a flamegraph. */
export interface FlameCaption {
  title: string;
  facts: readonly HeaderLine[];
}

/** The caption of a run. */
export function runCaption(header: ReportHeader, profile: FlameProfile): FlameCaption {
  const calls = profile.own.count.reduce((sum, value) => sum + value, 0);
  const what = header.command === null ? header.host : commandText(header.command);
  return { title: `ior flame: ${what}`, facts: runFacts(header, calls) };
}

/** The files of a flamegraph: created before anything is traced, so that a bad name fails early, and written at the end. */
export class FlameOutput implements AsyncDisposable {
  readonly #target: FlameTarget;
  readonly #outputs = new AsyncDisposableStack();
  readonly #files: { metric: TrieMetric; output: Output }[] = [];

  /** Throws an `IorError` of code `usage` when a file cannot be created, and then leaves none behind. */
  static async open(target: FlameTarget, user: CallingUser | null): Promise<FlameOutput> {
    await using output = new FlameOutput(target);
    const metrics = target.split ? TRIE_METRICS : [target.metric];
    for (const metric of metrics) {
      const name = target.split ? splitName(target.path!, metric) : target.path;
      output.#files.push({ metric, output: output.#outputs.use(openOutput(name, user)) });
    }
    return output.#move();
  }

  private constructor(target: FlameTarget) {
    this.#target = target;
  }

  /** True when an incomplete file stays if ior is killed. */
  get leavesPart(): boolean {
    return this.#files.some(({ output }) => output.leavesPart);
  }

  /** Writes the picture with its caption, and waits until it is complete. */
  async write(
    picture: FlamePicture,
    { title, facts }: FlameCaption,
    { color, ascii, width }: Look,
  ): Promise<void> {
    const { format, inverted } = this.#target;
    for (const { metric, output } of this.#files) {
      const text = { color, ascii, width: width ?? PIPE_WIDTH };
      output.write(renderFlame(picture, format, { metric, title, facts, inverted, ...text }));
      await output.finish();
    }
  }

  /** Removes incomplete files, before ior exits early. */
  abandon(): void {
    for (const { output } of this.#files) output.abandon();
  }

  /** Removes what was not completed. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#outputs.disposeAsync();
  }

  #move(): FlameOutput {
    const moved = new FlameOutput(this.#target);
    moved.#files.push(...this.#files);
    moved.#outputs.use(this.#outputs.move());
    return moved;
  }
}

/** `out.svg` for bytes is `out.bytes.svg`. */
function splitName(path: string, metric: TrieMetric): string {
  const at = path.lastIndexOf("/") + 1;
  const [folder, name] = [path.slice(0, at), path.slice(at)];
  const dot = /\.speedscope\.json$|\.[^.]*$/.exec(name)?.index || name.length;
  return `${folder}${name.slice(0, dot)}.${metric}${name.slice(dot)}`;
}
