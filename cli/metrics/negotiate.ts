import { type ExpositionFormat, OPEN_METRICS, PROMETHEUS_TEXT } from "./exposition.ts";

/** A media range of an `Accept` header. */
interface Range {
  type: string;
  version: string | null;
  /** From 0, not wanted, to 1. */
  quality: number;
}

/**
 * The format that an `Accept` header prefers: OpenMetrics, unless the older one is wanted more. A scraper that names neither
 * gets OpenMetrics as well: it said nothing that could be kept.
 */
export function formatFor(accept: string | null): ExpositionFormat {
  const ranges = (accept ?? "*/*").split(",").map(rangeOf);
  const open = qualityOf(ranges, "application/openmetrics-text", ["0.0.1", "1.0.0"]);
  const old = qualityOf(ranges, "text/plain", ["0.0.4"]);
  return old > open ? PROMETHEUS_TEXT : OPEN_METRICS;
}

function rangeOf(text: string): Range {
  const [type, ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const valueOf = (name: string) =>
    parameters.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const quality = Number(valueOf("q") ?? 1);
  return { type, version: valueOf("version") ?? null, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The quality of the range that names the type most exactly, 0 when none does. */
function qualityOf(ranges: readonly Range[], type: string, versions: readonly string[]): number {
  const wild = `${type.slice(0, type.indexOf("/"))}/*`;
  for (const name of [type, wild, "*/*"]) {
    const named = ranges.filter((range) =>
      range.type === name && (range.version === null || versions.includes(range.version))
    );
    if (named.length > 0) return Math.max(...named.map(({ quality }) => quality));
  }
  return 0;
}
