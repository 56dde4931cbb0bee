/** The view of latencies: a histogram of the totals, and how latencies went over time. */
import { bucketOfRank, quantileRank } from "../../../runtime/quantile.ts";
import type { BucketData } from "../../../runtime/stats.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../../text/format.ts";
import { padText } from "../../text/width.ts";
import { BUCKET_COUNT, bucketMiddle } from "../../../engine/stats/buckets.ts";
import { bar, shades } from "../../text/bars.ts";
import { addSteps, LATENCY_STEPS, stepNs } from "../data.ts";
import { cutLine, type Line, span } from "../line.ts";
import { LATENCY_MEASURES, type LatencyMeasure, type Model, shown, step } from "../model.ts";
import type { View } from "./view.ts";

/** Columns of the label of a step, its count and its share. */
const LABEL = 8;
const COUNT = 12;
const SHARE = 6;

/** Sizes are in steps of four times the one before, from 1 byte up to 1 GiB and more. */
const SIZE_STEPS = 16;

const WORDS: Readonly<Record<LatencyMeasure, { title: string; counted: string }>> = {
  latency: { title: "Latency of calls", counted: "calls that returned" },
  gap: { title: "Time between calls of a thread", counted: "calls with one before" },
  size: { title: "Bytes moved by a call", counted: "calls that move bytes" },
};

/** Latencies, gaps and sizes. */
export const LATENCY_VIEW: View = {
  id: "latency",
  title: "Latency",
  about: [
    "A histogram since the baseline (z): of latency, of the time between the calls of a thread, or of bytes (b).",
    "Below it, latency over time: a column for each frame, the newest at the right; denser is more calls of that frame.",
  ],
  keys: [["b", "latency, gap or size"]],
  content: () => null,
  lines(model, { width, height }) {
    const [fine, coarse] = [1, 2].map((merged) => {
      const steps = histogramLines(model, merged, width);
      return [...steps, [], ...mapLines(model, merged, width)];
    });
    return (fine.length <= height ? fine : coarse).slice(0, height);
  },
  press(model, key) {
    if (key !== "b") return null;
    const next = (LATENCY_MEASURES.indexOf(model.latencyMeasure) + 1) % LATENCY_MEASURES.length;
    return step({ ...model, latencyMeasure: LATENCY_MEASURES[next] });
  },
};

/** Counts by step of the measure that is shown, so many steps merged to one. */
function histogram(model: Model, merged: number): number[] {
  const syscalls = shown(model).now?.stats.syscalls ?? [];
  const measure = model.latencyMeasure;
  const steps = new Array<number>(measure === "size" ? SIZE_STEPS : LATENCY_STEPS).fill(0);
  for (const row of syscalls) {
    if (measure === "size") addSizes(steps, row.size);
    else addSteps(steps, row[measure]);
  }
  return mergeSteps(steps, merged);
}

function mergeSteps(steps: readonly number[], merged: number): number[] {
  const sums = new Array<number>(Math.ceil(steps.length / merged)).fill(0);
  steps.forEach((count, step) => sums[Math.floor(step / merged)] += count);
  return sums;
}

function addSizes(steps: number[], { indexes, counts }: BucketData): void {
  indexes.forEach((index, i) => {
    const bytes = bucketMiddle(index);
    const at = bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 2) + 1;
    steps[Math.min(at, steps.length - 1)] += counts[i];
  });
}

function histogramLines(model: Model, merged: number, width: number): Line[] {
  const { ascii, latencyMeasure } = model;
  const steps = histogram(model, merged);
  const { title, counted } = WORDS[latencyMeasure];
  const all = steps.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...steps);
  const first = steps.findIndex((count) => count > 0);
  const last = steps.findLastIndex((count) => count > 0);
  const heading: Line = [
    span(title, "heading"),
    span(`  ${formatCount(all)} ${counted}${figuresText(model)}`, "quiet"),
  ];
  if (all === 0) return [cutLine(heading, width), [span("No calls yet", "quiet")]];
  const room = width - LABEL - COUNT - SHARE - 4;
  const lines = steps.slice(first, last + 1).map((count, i): Line => {
    const label = stepLabel((first + i) * merged, merged, latencyMeasure, ascii);
    return cutLine([
      span(padText(label, LABEL, "right")),
      span(
        ` ${padText(formatCount(count), COUNT, "right")} ${
          padText(formatShare(count, all), SHARE, "right")
        }  `,
      ),
      span(bar(count / most, Math.max(1, room), ascii), "good"),
    ], width);
  });
  return [cutLine(heading, width), ...lines];
}

/** Mean and quantiles of the measure that is shown, of all calls; empty without calls. */
function figuresText(model: Model): string {
  const { ascii, latencyMeasure } = model;
  const buckets = new Float64Array(BUCKET_COUNT);
  let [count, sum] = [0, 0];
  for (const row of shown(model).now?.stats.syscalls ?? []) {
    const { indexes, counts } = row[latencyMeasure];
    indexes.forEach((index, i) => {
      buckets[index] += counts[i];
      count += counts[i];
      sum += counts[i] * bucketMiddle(index);
    });
  }
  if (count === 0) return "";
  const format = (value: number) =>
    latencyMeasure === "size" ? formatBytes(value) : formatDuration(value, { ascii });
  const quantile = (q: number) => format(bucketMiddle(bucketOfRank(buckets, quantileRank(count, q))));
  return `: mean ${format(sum / count)}, p50 ${quantile(0.5)}, p99 ${quantile(0.99)}`;
}

/** The least value of a step; of the lowest one, the least of the next. */
function stepLabel(step: number, merged: number, measure: LatencyMeasure, ascii: boolean): string {
  const from = ascii ? ">=" : "≥";
  if (measure === "size") {
    return step === 0 && merged === 1
      ? "0B"
      : `${from}${formatBytes(step === 0 ? 0 : 4 ** (step - 1)).replace(/\.\d+/, "")}`;
  }
  const text = (ns: number) => formatDuration(ns, { ascii });
  return step === 0 ? `<${text(stepNs(merged))}` : `${from}${text(stepNs(step))}`;
}

/** Latency over time: longer latencies further up. */
function mapLines(model: Model, merged: number, width: number): Line[] {
  const { ascii } = model;
  const columns = Math.max(1, width - LABEL - 1);
  const recent = shown(model).history.slice(-columns).map(({ latency }) => mergeSteps(latency, merged));
  const filled = recent.flatMap((latency) => latency.flatMap((count, step) => count > 0 ? [step] : []));
  if (filled.length === 0) return [];
  const most = recent.map((latency) => Math.max(...latency));
  const lines: Line[] = [];
  for (let at = Math.max(...filled); at >= Math.min(...filled); at--) {
    // Each column by itself: a quiet moment shows as clearly as a busy one.
    const row = recent.map((latency, i) => shades([latency[at]], most[i], ascii)).join("");
    lines.push(cutLine([
      span(padText(stepLabel(at * merged, merged, "latency", ascii), LABEL, "right"), "quiet"),
      span(` ${padText(row, columns, "right")}`),
    ], width));
  }
  const note = "  denser: more calls of that frame";
  return [cutLine([span("Latency over time", "heading"), span(note, "quiet")], width), ...lines];
}
