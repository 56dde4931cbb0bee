/** Metrics as text the plain way, line by line: what the writer of scrapes is held against. */
import type { Labels, Metric } from "../../../cli/metrics/metric.ts";

/** The text of metrics, in the older format or in OpenMetrics. */
export function plainText(metrics: readonly Metric[], isOld: boolean): string {
  const lines = metrics.flatMap((metric) => {
    const ending = { counter: "_total", gauge: "", info: "_info", histogram: "" }[metric.kind];
    const samples = samplesOf(metric, metric.name + ending);
    if (samples.length === 0) return [];
    const family = isOld ? metric.name + ending : metric.name;
    const kind = isOld && metric.kind === "info" ? "gauge" : metric.kind;
    const help = isOld ? metric.help : escaped(metric.help);
    const hasUnit = !isOld && metric.kind !== "info" && metric.unit !== null;
    return [
      `# HELP ${family} ${help}`,
      `# TYPE ${family} ${kind}`,
      ...(hasUnit ? [`# UNIT ${family} ${metric.unit}`] : []),
      ...samples,
    ];
  });
  return [...lines, ...(isOld ? [] : ["# EOF"])].map((line) => `${line}\n`).join("");
}

function samplesOf(metric: Metric, name: string): string[] {
  if (metric.kind === "info") return [`${name}${braced(metric.labels)} 1`];
  if (metric.kind !== "histogram") {
    return metric.samples.map(({ labels, value }) => `${name}${braced(labels)} ${value}`);
  }
  const bounds = metric.bounds.map((bound) => Number.isInteger(bound) ? `${bound}.0` : `${bound}`);
  return metric.samples.flatMap(({ labels, counts, sum }) => [
    ...[...bounds, "+Inf"].map((le, i) =>
      `${name}_bucket${braced({ ...labels, le })} ${total(counts.slice(0, i + 1))}`
    ),
    `${name}_count${braced(labels)} ${total(counts)}`,
    `${name}_sum${braced(labels)} ${sum}`,
  ]);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function braced(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.toWellFormed().replace(
    /[\\\n"]/g,
    (character) => character === "\n" ? "\\n" : `\\${character}`,
  );
}
