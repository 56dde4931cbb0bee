/** Metrics as text for a scraper. */
import { countOf, type HistogramSample, type Labels, type Metric } from "./metric.ts";

/** A format of metrics. */
export interface ExpositionFormat {
  /** The media type, with its version. */
  contentType: string;
  render(metrics: readonly Metric[]): string;
}

/** OpenMetrics 1.0, https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md. */
export const OPEN_METRICS: ExpositionFormat = {
  contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  render: (metrics) => [...metrics.flatMap((metric) => linesOf(metric, false)), "# EOF\n"].join("\n"),
};

/** The older text format of Prometheus, in which the name of a counter ends in `_total` everywhere. */
export const PROMETHEUS_TEXT: ExpositionFormat = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  render: (metrics) => metrics.flatMap((metric) => linesOf(metric, true)).map((line) => `${line}\n`).join(""),
};

/** Names of the kinds in the older format, which has no infos. */
const OLD_KINDS = { counter: "counter", gauge: "gauge", info: "gauge", histogram: "histogram" } as const;

/** Endings of the samples' names, in both formats. */
const ENDINGS = { counter: "_total", gauge: "", info: "_info", histogram: "" } as const;

function linesOf(metric: Metric, isOld: boolean): string[] {
  const { kind, name, help } = metric;
  const samples = samplesOf(metric);
  if (samples.length === 0) return [];
  const family = isOld ? name + ENDINGS[kind] : name;
  const unit = "unit" in metric ? metric.unit : null;
  return [
    `# HELP ${family} ${isOld ? help : escapeQuoted(help)}`,
    `# TYPE ${family} ${isOld ? OLD_KINDS[kind] : kind}`,
    ...(unit === null || isOld ? [] : [`# UNIT ${family} ${unit}`]),
    ...samples,
  ];
}

function samplesOf(metric: Metric): string[] {
  const name = metric.name + ENDINGS[metric.kind];
  switch (metric.kind) {
    case "info":
      return [`${name}${braced(pairsOf(metric.labels))} 1`];
    case "counter":
    case "gauge":
      return metric.samples.map(({ labels, value }) => `${name}${braced(pairsOf(labels))} ${value}`);
    case "histogram": {
      const bounds = [...metric.bounds.map(boundText), "+Inf"];
      return metric.samples.flatMap((sample) => histogramLines(name, bounds, sample));
    }
    default:
      return metric satisfies never;
  }
}

/** Buckets hold what earlier ones hold as well. */
function histogramLines(name: string, bounds: readonly string[], sample: HistogramSample): string[] {
  const { labels, counts, sum } = sample;
  const pairs = pairsOf(labels);
  const start = `${name}_bucket{${pairs === "" ? "" : `${pairs},`}le="`;
  let count = 0;
  const lines = counts.map((own, i) => {
    count += own;
    return `${start}${bounds[i]}"} ${count}`;
  });
  lines.push(`${name}_count${braced(pairs)} ${countOf(sample)}`, `${name}_sum${braced(pairs)} ${sum}`);
  return lines;
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
