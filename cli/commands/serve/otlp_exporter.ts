import { callAfter, delay } from "../../../runtime/delay.ts";
import { IorError } from "../../../runtime/errors.ts";
import { reasonOf } from "../../../runtime/system_error.ts";
import { readTextFile } from "../../run/read_text_file.ts";

/** Time for the receiver to answer, milliseconds; as the SDKs of OpenTelemetry wait. */
const ANSWER_MS = 10_000;

/** Longest that the end of ior waits for an export on its way, and for the last one, milliseconds. */
const LAST_MS = 2_000;

/** Attempts of one export, and the pause before the second; it doubles with each. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;

/** Statuses after which the same request may succeed later; all others are final (opentelemetry-proto, docs/specification.md). */
const RETRYABLE: readonly number[] = [429, 502, 503, 504];

/** Most of an answer that is read, bytes. */
const ANSWER_BYTES = 64 * 1024;

/** How exports are made. */
export interface OtlpPlan {
  url: string;
  intervalMs: number;
  headers: Readonly<Record<string, string>>;
  /** Whether bodies are compressed. */
  gzip: boolean;
  /** Certificates of an authority that is trusted beside the public ones, PEM; `null` for none. */
  authority: string | null;
  /** The body of a request of now. */
  body(): Promise<string>;
  /** Says what a person should know. */
  say(line: string): void;
}

/** How an attempt ended. */
type Outcome =
  | { kind: "delivered"; rejected: string | null }
  | { kind: "failed"; reason: string; retryMs: number | null };

/**
 * Sends metrics every interval until it is disposed of, and once more then. A receiver that is gone is a warning, and
 * a count: what is counted is cumulative, so the next export makes up for it.
 */
export class OtlpExporter implements AsyncDisposable {
  readonly #plan: OtlpPlan;
  readonly #client: Deno.HttpClient | undefined;
  readonly #end = new AbortController();
  readonly #giveUp = new AbortController();
  readonly #ended: Promise<void>;
  #isFailing = false;
  #isRefused = false;
  readonly counts = { delivered: 0, failed: 0 };

  constructor(plan: OtlpPlan) {
    this.#plan = plan;
    if (plan.authority !== null) this.#client = Deno.createHttpClient({ caCerts: [plan.authority] });
    this.#ended = this.#run();
  }

  /** Sends what has been counted since the last export. Takes at most twice {@linkcode LAST_MS}. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    const cancel = callAfter(LAST_MS, () => this.#giveUp.abort());
    await this.#ended;
    cancel();
    this.#note(await this.#attempt(AbortSignal.timeout(LAST_MS)));
    this.#client?.close();
  }

  async #run(): Promise<void> {
    const { intervalMs } = this.#plan;
    const startedMs = performance.now();
    while (true) {
      // Counted from the start, so that a slow export does not delay all later ones.
      const passedMs = performance.now() - startedMs;
      const dueMs = (Math.floor(passedMs / intervalMs) + 1) * intervalMs;
      await delay(dueMs - passedMs, this.#end.signal);
      if (this.#end.signal.aborted) return;
      const outcome = await this.#export();
      if (this.#giveUp.signal.aborted && outcome.kind === "failed") return; // the last one follows
      this.#note(outcome);
    }
  }

  /** Tries until it is delivered, the receiver refuses it for good, or the next export is near. */
  async #export(): Promise<Outcome> {
    const startedMs = performance.now();
    for (let attempt = 1;; attempt++) {
      const outcome = await this.#attempt(
        AbortSignal.any([AbortSignal.timeout(ANSWER_MS), this.#giveUp.signal]),
      );
      if (outcome.kind === "delivered" || outcome.retryMs === null || attempt === ATTEMPTS) return outcome;
      const backoffMs = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
      const pauseMs = outcome.retryMs || backoffMs;
      if (performance.now() - startedMs + pauseMs > this.#plan.intervalMs) return outcome;
      await delay(pauseMs, this.#end.signal);
      if (this.#end.signal.aborted) return outcome;
    }
  }

  async #attempt(signal: AbortSignal): Promise<Outcome> {
    const { url, headers, gzip, body } = this.#plan;
    try {
      const text = await body();
      const response = await fetch(url, {
        method: "POST",
        headers: {
          ...headers,
          "Content-Type": "application/json",
          ...(gzip ? { "Content-Encoding": "gzip" } : {}),
        },
        body: gzip ? await compressed(text) : text,
        redirect: "manual", // the headers are for this receiver
        signal,
        client: this.#client,
      });
      const answer = await firstOf(response, ANSWER_BYTES);
      if (response.ok) return { kind: "delivered", rejected: rejectedOf(answer) };
      return {
        kind: "failed",
        reason: `it answers with status ${response.status}`,
        retryMs: RETRYABLE.includes(response.status)
          ? retryAfterMs(response.headers.get("retry-after"))
          : null,
      };
    } catch (error) {
      return { kind: "failed", reason: whyNot(error), retryMs: 0 };
    }
  }

  /** Counts, and says when it begins to fail or to be refused in part, and when it works again. */
  #note(outcome: Outcome): void {
    const { url, say } = this.#plan;
    this.counts[outcome.kind]++;
    if (outcome.kind === "failed") {
      if (!this.#isFailing) say(`Cannot send metrics to ${url}: ${outcome.reason}; tracing goes on`);
    } else if (this.#isFailing) say(`Metrics reach ${url} again`);
    if (outcome.kind === "delivered") {
      if (outcome.rejected !== null && !this.#isRefused) {
        say(`${url} has taken only part of the metrics: ${outcome.rejected}`);
      }
      this.#isRefused = outcome.rejected !== null;
    }
    this.#isFailing = outcome.kind === "failed";
  }
}

/**
 * The certificates in the file of OTEL_EXPORTER_OTLP_CERTIFICATE; `null` for an empty name.
 *
 * @throws {IorError} `usage` when the file cannot be read or has no certificate.
 */
export async function readAuthority(file: string): Promise<string | null> {
  if (file === "") return null;
  const text = await readTextFile(file, "a file that holds certificates");
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new IorError("usage", `Cannot use OTEL_EXPORTER_OTLP_CERTIFICATE: ${file} has no certificate`, {
    hint: "Name a file of certificates in PEM form, which begin with -----BEGIN CERTIFICATE-----",
  });
}

/**
 * The headers of a variable of OpenTelemetry: `name=value,…`, values percent-encoded.
 *
 * @throws {IorError} `usage` for anything else.
 */
export function readHeaders(text: string): Record<string, string> {
  const headers = new Headers();
  for (const pair of text.split(",").map((pair) => pair.trim()).filter((pair) => pair !== "")) {
    const at = pair.indexOf("=");
    try {
      if (at < 1) throw new TypeError("there is no value");
      headers.append(pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim()));
    } catch (cause) {
      // The value may be a secret.
      throw new IorError("usage", "Cannot use OTEL_EXPORTER_OTLP_HEADERS: it must be NAME=VALUE,…", {
        hint: "Percent-encode what is no plain letter: a space is %20",
        cause,
      });
    }
  }
  return Object.fromEntries(headers);
}

/** Why a request was not answered: the runtime only says that it failed, the innermost cause is the system's. */
function whyNot(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause !== undefined) {
    innermost = innermost.cause;
    const refused = /invalid peer certificate: (\w+)/.exec(String(innermost));
    if (refused !== null) return `its certificate is not trusted (${refused[1]})`;
  }
  return reasonOf(innermost);
}

/** Milliseconds until the next attempt, 0 where the receiver leaves it to us. */
function retryAfterMs(value: string | null): number {
  if (value === null) return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}

/** Why part of an accepted request was refused, `null` when nothing was. */
function rejectedOf(answer: string): string | null {
  try {
    const { rejectedDataPoints = 0, errorMessage = "" } = JSON.parse(answer).partialSuccess;
    return Number(rejectedDataPoints) > 0 ? `${rejectedDataPoints} points refused: ${errorMessage}` : null;
  } catch {
    return null;
  }
}

async function firstOf(response: Response, bytes: number): Promise<string> {
  let text = "";
  if (response.body === null) return text;
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.length >= bytes) break;
  }
  return text;
}

async function compressed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
