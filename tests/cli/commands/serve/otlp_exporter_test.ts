import assert from "node:assert/strict";
import {
  OtlpExporter,
  type OtlpPlan,
  readAuthority,
  readHeaders,
} from "../../../../cli/commands/serve/otlp_exporter.ts";
import { waitFor } from "../../../wait.ts";

/** A receiver that answers with these, in turn; the last one stays. */
function receiver(answers: (() => Response)[]) {
  const bodies: { headers: Headers; text: string }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const gzip = request.headers.get("content-encoding") === "gzip";
    const stream = gzip ? request.body!.pipeThrough(new DecompressionStream("gzip")) : request.body!;
    bodies.push({ headers: request.headers, text: await new Response(stream).text() });
    return answers.length > 1 ? answers.shift()!() : answers[0]();
  });
  return {
    bodies,
    url: `http://127.0.0.1:${server.addr.port}/v1/metrics`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function exporter(url: string, changes: Partial<OtlpPlan> = {}) {
  const said: string[] = [];
  const plan = {
    url,
    intervalMs: 20,
    headers: {},
    gzip: false,
    authority: null,
    body: () => Promise.resolve("{}"),
    ...changes,
  };
  const exporting = new OtlpExporter({ ...plan, say: (line) => void said.push(line) });
  return { said, counts: exporting.counts, end: () => exporting[Symbol.asyncDispose]() };
}

const ok = () => new Response("{}");

Deno.test("Metrics are sent every interval and once more at the end, with the headers of the user", async () => {
  await using received = receiver([ok]);
  const sent = exporter(received.url, { headers: { "x-key": "a b" }, gzip: true });
  await waitFor(() => received.bodies.length >= 2, { timeoutMs: 60_000, what: "two exports" });
  await sent.end();
  assert.equal(sent.counts.delivered, received.bodies.length);
  const { headers, text } = received.bodies[0];
  assert.deepEqual([headers.get("content-type"), headers.get("x-key"), text], [
    "application/json",
    "a b",
    "{}",
  ]);
  assert.deepEqual(sent.said, []);
});

Deno.test("A receiver that is busy is tried again when it says, others are not", async () => {
  const busy = () => new Response("", { status: 503, headers: { "Retry-After": "1" } });
  await using received = receiver([busy, ok]);
  const sent = exporter(received.url, { intervalMs: 5_000 });
  const startedMs = performance.now();
  await waitFor(() => sent.counts.delivered === 1, { timeoutMs: 60_000, what: "an export" });
  assert.ok(performance.now() - startedMs >= 5_900);
  assert.deepEqual([received.bodies.length, sent.counts.failed], [2, 0]);
  await sent.end();

  await using refusing = receiver([() => new Response("", { status: 400 })]);
  const refused = exporter(refusing.url, { intervalMs: 1_000 });
  await waitFor(() => refused.counts.failed === 1, { timeoutMs: 60_000, what: "a refused export" });
  assert.equal(refusing.bodies.length, 1);
  await refused.end();
  assert.deepEqual(refused.said, [
    `Cannot send metrics to ${refusing.url}: it answers with status 400; tracing goes on`,
  ]);
});

Deno.test("A receiver that is gone is said once, and when it is there again", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const url = `http://127.0.0.1:${port}/`;
  const sent = exporter(url);
  await waitFor(() => sent.counts.failed >= 2, { timeoutMs: 60_000, what: "two failures" });
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, ok);
  await waitFor(() => sent.counts.delivered >= 1, { timeoutMs: 60_000, what: "an export" });
  await sent.end();
  await server.shutdown();
  assert.equal(sent.said.length, 2);
  assert.match(sent.said[0], /^Cannot send metrics to .*; tracing goes on$/);
  assert.equal(sent.said[1], `Metrics reach ${url} again`);
});

Deno.test("What a receiver has refused of a request is said, and a redirection is not followed", async () => {
  const partial = JSON.stringify({ partialSuccess: { rejectedDataPoints: "3", errorMessage: "too old" } });
  await using received = receiver([
    () => new Response(partial),
    () => Response.redirect("http://127.0.0.1:9/", 307),
  ]);
  const sent = exporter(received.url);
  await waitFor(() => sent.counts.failed === 1, { timeoutMs: 60_000, what: "a redirection" });
  await sent.end();
  assert.deepEqual(sent.said, [
    `${received.url} has taken only part of the metrics: 3 points refused: too old`,
    `Cannot send metrics to ${received.url}: it answers with status 307; tracing goes on`,
  ]);
});

Deno.test("What a receiver refuses of every request is said once", async () => {
  const partial = JSON.stringify({ partialSuccess: { rejectedDataPoints: 3 } });
  await using received = receiver([() => new Response(partial)]);
  const sent = exporter(received.url);
  await waitFor(() => sent.counts.delivered >= 3, { timeoutMs: 60_000, what: "three exports" });
  await sent.end();
  assert.equal(sent.said.length, 1, sent.said.join("\n"));
});

Deno.test("The end does not wait for a receiver that never answers an export, and sends once more", async () => {
  const never = Promise.withResolvers<Response>();
  await using received = receiver([() => never.promise as never, ok]);
  const sent = exporter(received.url);
  await waitFor(() => received.bodies.length === 1, { timeoutMs: 60_000, what: "an export" });
  const startedMs = performance.now();
  await sent.end();
  assert.ok(performance.now() - startedMs < 5_000);
  assert.deepEqual([received.bodies.length, sent.counts, sent.said], [2, { delivered: 1, failed: 0 }, []]);
  never.resolve(ok());
});

Deno.test("An authority is a file with certificates", async () => {
  assert.equal(await readAuthority(""), null);
  const here = import.meta.filename!;
  const message = `Cannot use OTEL_EXPORTER_OTLP_CERTIFICATE: ${here} has no certificate`;
  await assert.rejects(readAuthority(here), { message });
  await assert.rejects(readAuthority(`${here}.none`), { message: /^Cannot read .*none: / });
});

Deno.test("Headers are names and percent-encoded values", () => {
  assert.deepEqual(readHeaders(""), {});
  assert.deepEqual(readHeaders("Authorization=Basic%20eA==, x-a = b ,"), {
    authorization: "Basic eA==",
    "x-a": "b",
  });
  for (const text of ["secret", "=x", "a=%zz", "a b=c", "a=x%0ay"]) {
    assert.throws(() => readHeaders(text), {
      message: "Cannot use OTEL_EXPORTER_OTLP_HEADERS: it must be NAME=VALUE,…",
    });
  }
});
