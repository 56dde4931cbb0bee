/** What the server answers, by path. */
import type { SnapshotSource, Snapshotter } from "../../../runtime/contracts.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import { OPTIONAL_TABLES } from "../../../runtime/stats.ts";
import { delay } from "../../../runtime/delay.ts";
import { renderFlame } from "../../flame/mod.ts";
import type { Handler, HttpRequest, HttpResponse } from "../../http/mod.ts";
import { plainResponse } from "../../http/mod.ts";
import { formatFor, type Metric } from "../../metrics/mod.ts";
import { buildReport, reportJson } from "../../report/report.ts";
import { slowestMissing } from "../../report/slowest_missing.ts";
import { advise } from "../../advice/mod.ts";
import { runCaption } from "../../run/flame_output.ts";
import { isLoopback } from "../../options/serve_options.ts";
import { carriesToken } from "./token.ts";

/** What pages are made of. */
export interface Served {
  stats: SnapshotSource;
  trie: Pick<Snapshotter, "profile">;
  /** The run so far. */
  header(): ReportHeader;
  metrics(): Promise<Metric[]>;
  /** Slow calls without a row, by the power of two of their latency; `null` when none can be missing. */
  missedSlow(): Uint32Array | null;
  /** Why nothing is counted any more; `null` while the trace runs. */
  endedBecause(): string | null;
  /** The token that requests must carry, `null` for none. */
  token: string | null;
  /** True when requests must name this machine as their host: a page of elsewhere may have another name for it. */
  checksHost: boolean;
}

/** Time in which what was counted must arrive for ior to be healthy, milliseconds. */
export const BEHIND_MS = 2_000;

/** Time between two loads of the flamegraph in a browser, seconds. */
const RELOAD_SECONDS = 10;

/** All but the commands that metrics count. */
const REPORT_TABLES = OPTIONAL_TABLES.filter((table) => table !== "groups");

const PATHS: Readonly<Record<string, (served: Served, request: HttpRequest) => Promise<HttpResponse>>> = {
  "/": () => Promise.resolve(plainResponse(200, INDEX)),
  "/metrics": metricsPage,
  "/report.json": reportPage,
  "/flame": flamePage,
  "/healthz": healthPage,
};

const INDEX = `ior serves a trace of system calls:

/metrics      counts, times and latencies, for Prometheus and others that read OpenMetrics
/report.json  the report so far, ior.report/1
/flame        the flamegraph so far, reloaded every ${RELOAD_SECONDS}s; /flame?still stays as it is
/healthz      200 while calls are counted, 503 with the reason otherwise`;

/** Answers requests about a trace. */
export function pagesOf(served: Served): Handler {
  return (request) => {
    if (served.checksHost && !namesThisMachine(request.headers.get("host") ?? "localhost")) {
      return plainResponse(403, "The Host header must name this machine, for instance localhost");
    }
    if (served.token !== null && !carriesToken(request.headers.get("authorization"), served.token)) {
      return plainResponse(401, "The Authorization header must carry the token", {
        "WWW-Authenticate": 'Bearer realm="ior"',
      });
    }
    const page = Object.hasOwn(PATHS, request.path) ? PATHS[request.path] : undefined;
    if (page === undefined) return plainResponse(404, "Unknown path; / lists those that exist");
    if (request.method !== "GET" && request.method !== "HEAD") {
      return plainResponse(405, "Only GET and HEAD are answered", { Allow: "GET, HEAD" });
    }
    return page(served, request);
  };
}

async function metricsPage({ metrics }: Served, { headers }: HttpRequest): Promise<HttpResponse> {
  const { contentType, render } = formatFor(headers.get("accept") ?? null);
  return { status: 200, contentType, headers: { Vary: "Accept" }, body: render(await metrics()) };
}

async function reportPage({ stats, header, missedSlow }: Served): Promise<HttpResponse> {
  const snapshot = await stats.snapshot({ tables: REPORT_TABLES });
  if (snapshot === null) return plainResponse(503, "Nothing has been counted yet");
  const missing = slowestMissing(missedSlow(), snapshot, STATS_LIMITS.maxSlowest);
  const report = buildReport(header(), snapshot, { top: null, sort: "time" }, { slowestMissing: missing });
  report.advice = advise(report);
  return { status: 200, contentType: "application/json", body: [...reportJson(report)] };
}

async function flamePage({ trie, header }: Served, { query }: HttpRequest): Promise<HttpResponse> {
  const profile = await trie.profile();
  const look = { metric: "duration" as const, inverted: false, width: 0, color: false, ascii: false };
  return {
    status: 200,
    contentType: "text/html; charset=utf-8",
    headers: query.has("still") ? {} : { Refresh: String(RELOAD_SECONDS) },
    body: renderFlame(profile, "html", { ...look, ...runCaption(header(), profile) }),
  };
}

async function healthPage({ stats, endedBecause }: Served): Promise<HttpResponse> {
  const reason = endedBecause() ?? await whyBehind(stats);
  return reason === null ? plainResponse(200, "ok") : plainResponse(503, reason);
}

/** Why what is counted does not arrive, `null` when it does. */
async function whyBehind(stats: SnapshotSource): Promise<string | null> {
  const waiting = new AbortController();
  try {
    return await Promise.race([
      Promise.resolve(stats.snapshot({ tables: [] })).then(() => null),
      delay(BEHIND_MS, waiting.signal).then(() => `What is counted is more than ${BEHIND_MS / 1000}s behind`),
    ]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    waiting.abort();
  }
}

/** Against DNS rebinding: the browser of a user sends the name that the page has, and reads the answer. */
function namesThisMachine(host: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(host) ?? [];
  return isLoopback((bracketed ?? plain ?? "").toLowerCase());
}
