/**
 * Metrics as a request of OTLP/HTTP, in the published mapping of its protocol buffers to JSON
 * (opentelemetry-proto, collector/metrics/v1): names in lower camel case, 64-bit integers as text, enumerations as numbers.
 */
import { countOf, type HistogramSample, type Metric, type Sample, type Unit } from "./metric.ts";

/** `AGGREGATION_TEMPORALITY_CUMULATIVE`. */
const CUMULATIVE = 2;

/** Units as OpenTelemetry spells them, which is UCUM. */
const UNITS: Readonly<Record<Unit, string>> = { seconds: "s", bytes: "By" };

/** What is sent, and of when. */
export interface OtlpExport {
  metrics: readonly Metric[];
  /** What the metrics are of, such as `service.name`. */
  resource: Readonly<Record<string, string | number>>;
  /** Version of ior. */
  version: string;
  /** When counting began and now, nanoseconds since 1970. */
  startNs: bigint;
  nowNs: bigint;
}

/** The body of a request for `/v1/metrics`. */
export function otlpRequest({ metrics, resource, version, startNs, nowNs }: OtlpExport): string {
  const times = { startTimeUnixNano: String(startNs), timeUnixNano: String(nowNs) };
  return JSON.stringify({
    resourceMetrics: [{
      resource: { attributes: attributesOf(resource) },
      scopeMetrics: [{
        scope: { name: "ior", version },
        metrics: metrics.flatMap((metric) => {
          const data = dataOf(metric, times);
          const unit = "unit" in metric && metric.unit !== null ? UNITS[metric.unit] : "1";
          return data === null ? [] : [{ name: metric.name, description: metric.help, unit, ...data }];
        }),
      }],
    }],
  });
}

interface Times {
  startTimeUnixNano: string;
  timeUnixNano: string;
}

/** The member that holds the points of a metric, `null` when there are none. */
function dataOf(metric: Metric, times: Times): Record<string, unknown> | null {
  const { timeUnixNano } = times;
  switch (metric.kind) {
    case "info":
      return { gauge: { dataPoints: [pointOf({ labels: metric.labels, value: 1 }, { timeUnixNano })] } };
    case "gauge":
      if (metric.samples.length === 0) return null;
      return { gauge: { dataPoints: metric.samples.map((sample) => pointOf(sample, { timeUnixNano })) } };
    case "counter":
      if (metric.samples.length === 0) return null;
      return {
        sum: {
          aggregationTemporality: CUMULATIVE,
          isMonotonic: true,
          dataPoints: metric.samples.map((sample) => pointOf(sample, times)),
        },
      };
    case "histogram":
      if (metric.samples.length === 0) return null;
      return {
        histogram: {
          aggregationTemporality: CUMULATIVE,
          dataPoints: metric.samples.map((sample) => histogramPoint(sample, metric.bounds, times)),
        },
      };
    default:
      return metric satisfies never;
  }
}

function pointOf({ labels, value }: Sample, times: Partial<Times>): Record<string, unknown> {
  return { attributes: attributesOf(labels), ...times, asDouble: value };
}

/** A bound belongs to the bucket below it, here as there. */
function histogramPoint(
  sample: HistogramSample,
  bounds: readonly number[],
  times: Times,
): Record<string, unknown> {
  return {
    attributes: attributesOf(sample.labels),
    ...times,
    count: String(countOf(sample)),
    sum: sample.sum,
    bucketCounts: sample.counts.map(String),
    explicitBounds: bounds,
  };
}

function attributesOf(labels: Readonly<Record<string, string | number>>): Record<string, unknown>[] {
  return Object.entries(labels).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value.toWellFormed() },
  }));
}
