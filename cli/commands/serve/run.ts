import { type AttachedTrace, machineArch, StatsFlameClient } from "../../../engine/mod.ts";
import { callAfter } from "../../../runtime/delay.ts";
import { MAX_TRIE_NODES } from "../../../runtime/flame_messages.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import { VERSION } from "../../../runtime/version.ts";
import type { RunResult } from "../../exit_status.ts";
import { HttpServer } from "../../http/mod.ts";
import {
  formatFor,
  LATENCY_ENDS,
  MAX_COMMANDS,
  type Metric,
  otlpRequest,
  traceMetrics,
} from "../../metrics/mod.ts";
import { DEFAULTS } from "../../options/mod.ts";
import { RecordingOfTrace, recordingTarget } from "../../run/recording_of_trace.ts";
import { countedHeader } from "../../run/run_header.ts";
import { TraceRun } from "../../run/run_session.ts";
import { say } from "../../say.ts";
import { listenAt, type Listening } from "./listen.ts";
import { OtlpExporter, readAuthority, readHeaders } from "./otlp_exporter.ts";
import { pagesOf } from "./pages.ts";
import type { ServeCommand } from "./task.ts";
import { readToken } from "./token.ts";

/** Time between two looks at whether the recording goes on, milliseconds. */
const WATCH_MS = 5_000;

/** When an answer is made that nobody has asked for, milliseconds: calls have been counted then. */
const REHEARSAL_MS = 1_000;

/** Consumers of the trace; `recording` is `null` when none is asked for. */
interface Takers {
  counted: StatsFlameClient;
  recording: RecordingOfTrace | null;
}

/** What is there before anything is traced. */
interface Setup {
  listening: Listening;
  token: string | null;
  otlpHeaders: Record<string, string>;
  otlpAuthority: string | null;
}

/** `ior serve`: traces, and answers requests until it ends. */
export async function runServe(task: ServeCommand): Promise<RunResult> {
  const target = task.record && recordingTarget(task.record);
  const token = task.tokenFile === null ? null : await readToken(task.tokenFile);
  const otlpHeaders = readHeaders(Deno.env.get("OTEL_EXPORTER_OTLP_HEADERS") ?? "");
  const otlpAuthority = task.otlp &&
    await readAuthority(Deno.env.get("OTEL_EXPORTER_OTLP_CERTIFICATE") ?? "");
  using listening = await listenAt(task.listen);
  let recording: RecordingOfTrace | null = null;
  await using run = new TraceRun(task, {
    printsOutput: false,
    writesMeanwhile: true,
    onHangup: () => recording?.cut(),
  });
  const arch = machineArch();
  const statsConfig = {
    arch,
    ...STATS_LIMITS,
    by: [["comm"] as const],
    maxGroups: MAX_COMMANDS,
    groupsLast: true,
  };
  const trieConfig = {
    arch,
    fields: [...DEFAULTS.fields],
    metric: DEFAULTS.metric,
    maxNodes: MAX_TRIE_NODES / 10,
  };
  const starting = run.own(StatsFlameClient.start({ stats: statsConfig, flame: trieConfig }));
  if (target) run.onAbandon(() => RecordingOfTrace.abandon(target));
  const openingRecording = target && run.own(RecordingOfTrace.open(target));
  const prepared = await run.prepare();
  recording = await openingRecording;
  const takers = { counted: await starting, recording };
  const attached = await run.attach(prepared);
  return await run.whileRunning(
    serve(task, run, attached, takers, { listening, token, otlpHeaders, otlpAuthority }),
  );
}

async function serve(
  task: ServeCommand,
  run: TraceRun,
  attached: AttachedTrace,
  { counted, recording }: Takers,
  { listening, token, otlpHeaders, otlpAuthority }: Setup,
): Promise<RunResult> {
  const { facts } = attached;
  recording?.begin({ startedWallNs: facts.startedWallNs, header: run.header(facts, attached.figures()) });
  const running = run.start(attached, [...(recording ? [recording.consumer] : []), counted]);
  const header = () => countedHeader(run.header(facts, running.figures()));
  recording?.follow(running);
  recording?.keepUpdated(() => run.header(facts, running.figures()));
  let endedBecause: string | null = null;
  const startSeconds = (Date.now() - performance.now()) / 1000;
  const metrics = shared(async (): Promise<Metric[]> => {
    // The worker sums while the header is made.
    const stats = counted.sums(LATENCY_ENDS);
    return traceMetrics({
      header: header(),
      stats: await stats,
      residentBytes: Deno.memoryUsage().rss,
      startSeconds,
      recording: await recording?.consumer.status() ?? null,
      responses: server.responses,
      refused: server.refused,
      exports: exporter?.counts ?? null,
    });
  });
  await using server: HttpServer = new HttpServer(
    listening.listener,
    pagesOf({
      stats: counted,
      trie: counted,
      header,
      metrics,
      missedSlow: () => running.figures().missedSlow,
      endedBecause: () => endedBecause,
      token,
      checksHost: listening.isLoopback && token === null,
    }),
  );
  await using exporter: OtlpExporter | null = task.otlp && new OtlpExporter({
    url: task.otlp.url,
    intervalMs: task.otlp.intervalNs / 1e6,
    headers: otlpHeaders,
    authority: otlpAuthority,
    gzip: Deno.env.get("OTEL_EXPORTER_OTLP_COMPRESSION") === "gzip",
    say,
    body: async () =>
      otlpRequest({
        metrics: await metrics(),
        resource: resourceOf(header()),
        version: VERSION,
        startNs: facts.startedWallNs,
        nowNs: BigInt(Date.now()) * 1_000_000n,
      }),
  });
  // Functions are compiled when they are first called, which no scraper should have to wait for.
  const rehearse = async () => formatFor(null).render(await metrics());
  await rehearse();
  using _later = rehearseLater(rehearse);
  if (!task.quiet) say(`Serving at ${listening.name}`);
  using _watch = recording && watchRecording(recording);
  const ended = await run.untilEnded(running).finally(() => endedBecause = "The trace has ended");
  const complete = await recording?.finish(
    { header: run.header(facts, ended), running: ended.running },
    task.quiet,
  ) ?? true;
  return { ...await run.result(ended), recordingFailed: !complete };
}

/** What metrics are of, in the words of OpenTelemetry. */
function resourceOf({ host, arch }: ReportHeader): Record<string, string | number> {
  return {
    "service.name": Deno.env.get("OTEL_SERVICE_NAME") || "ior",
    "service.version": VERSION,
    "service.instance.id": host,
    "host.name": host,
    "host.arch": arch === "x86_64" ? "amd64" : "arm64",
    "os.type": "linux",
    "process.pid": Deno.pid,
  };
}

/** Says once when a recording has stopped: the trace goes on. */
function watchRecording({ consumer }: RecordingOfTrace): Disposable {
  const timer = setInterval(async () => {
    const { lastError } = await consumer.status();
    if (lastError === null) return;
    clearInterval(timer);
    say(`Recording has stopped, tracing goes on: ${lastError}`);
  }, WATCH_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Makes an answer for nobody once there are calls to count. */
function rehearseLater(rehearse: () => Promise<unknown>): Disposable {
  return { [Symbol.dispose]: callAfter(REHEARSAL_MS, () => rehearse().catch(() => {})) };
}

/** Whoever asks while an answer is made gets the same one: many scrapers cost as much as one. */
function shared<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let pending: Promise<Value> | null = null;
  return () => pending ??= make().finally(() => pending = null);
}
