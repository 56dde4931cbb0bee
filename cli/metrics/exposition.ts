/** Metrics as text for a scraper. */
import type { HistogramSample, Labels, Metric } from "./metric.ts";

/** A format of metrics. */
export interface ExpositionFormat {
  /** The media type, with its version. */
  contentType: string;
  /** The text, in pieces of whole lines. */
  render(metrics: readonly Metric[]): string[];
}

/** OpenMetrics 1.0, https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md. */
export const OPEN_METRICS: ExpositionFormat = {
  contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  render: (metrics) => [...textOf(metrics, false), "# EOF\n"],
};

/** The older text format of Prometheus, in which the name of a counter ends in `_total` everywhere. */
export const PROMETHEUS_TEXT: ExpositionFormat = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  render: (metrics) => textOf(metrics, true),
};

/** Names of the kinds in the older format, which has no infos. */
const OLD_KINDS = { counter: "counter", gauge: "gauge", info: "gauge", histogram: "histogram" } as const;

/** Endings of the samples' names, in both formats. */
const ENDINGS = { counter: "_total", gauge: "", info: "_info", histogram: "" } as const;

/** Words and numbers of a piece: about 20 kB, which the youngest part of the heap takes in and is soon rid of. */
const PIECE_WORDS = 1024;

/** Labels as text, by the labels: the metrics of a table have the same ones. */
type LabelTexts = Map<Labels, string>;

/** Joins words and numbers a thousand at a time: a text that grows by each of its ten thousand numbers is copied too often. */
class Pieces {
  readonly #done: string[] = [];
  #words: (string | number)[] = [];

  /** Adds whole lines. */
  push(...words: (string | number)[]): void {
    this.#words.push(...words);
    if (this.#words.length >= PIECE_WORDS) this.#join();
  }

  /** All pieces. */
  finish(): string[] {
    this.#join();
    return this.#done;
  }

  #join(): void {
    if (this.#words.length > 0) this.#done.push(this.#words.join(""));
    this.#words = [];
  }
}

function textOf(metrics: readonly Metric[], isOld: boolean): string[] {
  const pieces = new Pieces();
  const texts: LabelTexts = new Map();
  for (const metric of metrics) {
    if (metric.kind !== "info" && metric.samples.length === 0) continue;
    addHead(pieces, metric, isOld);
    addSamples(pieces, metric, texts);
  }
  return pieces.finish();
}

function addHead(pieces: Pieces, metric: Metric, isOld: boolean): void {
  const { kind, name, help } = metric;
  const family = isOld ? name + ENDINGS[kind] : name;
  const unit = "unit" in metric ? metric.unit : null;
  pieces.push(
    `# HELP ${family} ${isOld ? help : escapeQuoted(help)}\n`,
    `# TYPE ${family} ${isOld ? OLD_KINDS[kind] : kind}\n`,
  );
  if (unit !== null && !isOld) pieces.push(`# UNIT ${family} ${unit}\n`);
}

function addSamples(pieces: Pieces, metric: Metric, texts: LabelTexts): void {
  const name = metric.name + ENDINGS[metric.kind];
  switch (metric.kind) {
    case "info":
      pieces.push(name, braced(pairsOf(metric.labels)), " 1\n");
      break;
    case "counter":
    case "gauge":
      for (const { labels, value } of metric.samples) {
        pieces.push(name, braced(knownPairs(labels, texts)), " ", value, "\n");
      }
      break;
    case "histogram": {
      const ends = [...metric.bounds.map(boundText), "+Inf"].map((bound) => `${bound}"} `);
      for (const sample of metric.samples) {
        addHistogram(pieces, name, ends, sample, knownPairs(sample.labels, texts));
      }
      break;
    }
    default:
      metric satisfies never;
  }
}

/** Buckets hold what earlier ones hold as well; each ends in one of `ends`. */
function addHistogram(
  pieces: Pieces,
  name: string,
  ends: readonly string[],
  { counts, sum }: HistogramSample,
  pairs: string,
): void {
  const start = `${name}_bucket{${pairs === "" ? "" : `${pairs},`}le="`;
  let count = 0;
  for (let i = 0; i < counts.length; i++) {
    count += counts[i];
    pieces.push(start, ends[i], count, "\n");
  }
  const labels = braced(pairs);
  pieces.push(`${name}_count${labels} `, count, `\n${name}_sum${labels} `, sum, "\n");
}

function knownPairs(labels: Labels, texts: LabelTexts): string {
  let text = texts.get(labels);
  if (text === undefined) texts.set(labels, text = pairsOf(labels));
  return text;
}

/** A bound is part of a series' name, so it is written as the canonical text of a float. */
function boundText(bound: number): string {
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}

function pairsOf(labels: Labels): string {
  return Object.entries(labels).map(([name, value]) => `${name}="${escapeQuoted(value)}"`).join();
}

function braced(pairs: string): string {
  return pairs === "" ? "" : `{${pairs}}`;
}

/** Both formats escape these three, and nothing else; the text is UTF-8. */
function escapeQuoted(text: string): string {
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
