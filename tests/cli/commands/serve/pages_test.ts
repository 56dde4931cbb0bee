import assert from "node:assert/strict";
import { BEHIND_MS, pagesOf, type Served } from "../../../../cli/commands/serve/pages.ts";
import type { HttpRequest } from "../../../../cli/http/mod.ts";
import { traceMetrics } from "../../../../cli/metrics/mod.ts";
import { FlameTrie } from "../../../../engine/flame/flame_trie.ts";
import { IorError } from "../../../../runtime/errors.ts";
import { header } from "../../../engine/recording/fixture.ts";
import { engine, observed, READ } from "../../metrics/observed.ts";

function served(changes: Partial<Served> = {}): Served {
  const stats = engine();
  const now = observed({ cat: [{ nr: READ, file: 1 }, { nr: READ, file: 1 }] }, {}, stats);
  const trie = new FlameTrie({ arch: "x86_64", fields: ["comm"], metric: "count", maxNodes: 100 });
  return {
    stats,
    trie,
    header,
    metrics: () => Promise.resolve(traceMetrics(now)),
    missedSlow: () => null,
    endedBecause: () => null,
    token: null,
    checksHost: true,
    ...changes,
  };
}

async function get(
  path: string,
  changes: Partial<Served> = {},
  { method = "GET", ...headers }: Record<string, string> = {},
) {
  const [name, query = ""] = path.split("?");
  const request: HttpRequest = {
    method,
    path: name,
    query: new URLSearchParams(query),
    headers: new Map(Object.entries({ host: "localhost:9947", ...headers })),
    keepsAlive: true,
  };
  const response = await pagesOf(served(changes))(request);
  const { body } = response;
  return { ...response, body: typeof body === "string" ? body : body.join("") };
}

Deno.test("Each path answers in its format", async () => {
  assert.match((await get("/")).body, /^\/metrics /m);
  const metrics = await get("/metrics");
  assert.match(metrics.contentType, /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(metrics.body, /^ior_syscalls_total\{syscall="read",family="FS"\} 2$/m);
  const old = await get("/metrics", {}, { accept: "text/plain" });
  assert.match(old.contentType, /^text\/plain; version=0\.0\.4/);
  const report = JSON.parse((await get("/report.json")).body);
  assert.deepEqual([report.schema, report.calls, report.groups], ["ior.report/1", 2, []]);
  const flame = await get("/flame");
  assert.match(flame.body, /^<!DOCTYPE html>/);
  assert.deepEqual([flame.headers?.Refresh, (await get("/flame?still")).headers?.Refresh], ["10", undefined]);
});

Deno.test("Unknown paths and methods are refused", async () => {
  for (const path of ["/x", "/metrics/", "/toString", "/__proto__"]) {
    assert.equal((await get(path)).status, 404, path);
  }
  const post = await get("/metrics", {}, { method: "POST" });
  assert.deepEqual([post.status, post.headers], [405, { Allow: "GET, HEAD" }]);
  assert.equal((await get("/metrics", {}, { method: "HEAD" })).status, 200);
});

Deno.test("A page that gave itself another name for this machine is refused", async () => {
  for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:9947", "127.1.2.3", "[::1]:9947"]) {
    assert.equal((await get("/", {}, { host })).status, 200, host);
  }
  for (const host of ["evil.example", "127.0.0.1.evil.example:9947", "[::2]", "", "localhost:x"]) {
    assert.equal((await get("/", {}, { host })).status, 403, host);
  }
  assert.equal((await get("/", { checksHost: false }, { host: "evil.example" })).status, 200);
});

Deno.test("With a token every path needs it, also one that does not exist", async () => {
  const token = "0123456789abcdef";
  for (const path of ["/", "/metrics", "/healthz", "/x"]) {
    const { status, headers } = await get(path, { token, checksHost: false });
    assert.deepEqual([status, headers], [401, { "WWW-Authenticate": 'Bearer realm="ior"' }]);
  }
  assert.equal((await get("/metrics", { token }, { authorization: `Bearer ${token}` })).status, 200);
});

Deno.test("Health: fine, ended, dead, behind", async () => {
  assert.deepEqual([(await get("/healthz")).status, (await get("/healthz")).body], [200, "ok\n"]);
  const ended = await get("/healthz", { endedBecause: () => "The trace has ended" });
  assert.deepEqual([ended.status, ended.body], [503, "The trace has ended\n"]);
  const died = () => Promise.reject(new IorError("runtime", "The stats worker died: out of memory"));
  const dead = await get("/healthz", { stats: { snapshot: died } });
  assert.deepEqual([dead.status, dead.body], [503, "The stats worker died: out of memory\n"]);
  const behind = await get("/healthz", { stats: { snapshot: () => new Promise(() => {}) } });
  assert.deepEqual([behind.status, behind.body], [
    503,
    `What is counted is more than ${BEHIND_MS / 1000}s behind\n`,
  ]);
});
