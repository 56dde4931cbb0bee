/** `ior serve` as its users meet it: Prometheus, a collector, a service, and what should not get in. */
import assert from "node:assert/strict";
import { checkOtlp } from "../cli/metrics/check_otlp.ts";
import { blocksOf, readDocuments } from "../documents.ts";
import { compileSchema } from "../json_schema.ts";
import { outcome } from "../kernel_lib/ior.ts";
import { startWithLauncher } from "../kernel_lib/launcher.ts";
import { Chromium } from "../kernel_lib/chromium.ts";
import { asOrdinaryUser } from "../kernel_lib/less.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { promtoolCheck, startPrometheus } from "../kernel_lib/prometheus.ts";
import { reportOf, segmentsIn } from "../kernel_lib/recordings.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { PATIENCE_MS, refusedServer, startServing } from "../kernel_lib/served.ts";
import { smallDisk } from "../kernel_lib/small_disk.ts";
import { run } from "../kernel_lib/system.ts";
import { waitFor } from "../wait.ts";

/** Blocks that a workload writes, and their size. */
const BLOCKS = 1000;
const BLOCK_BYTES = 512;

/** A file, the options that select its writes alone, and what makes them. */
function workload() {
  const file = `${scratchDirectory("served")}/out`;
  return {
    options: ["-P", `^${file}$`, "-e", "write", "--ring-size", "16M"],
    write: () =>
      void run("dd", "if=/dev/zero", `of=${file}`, `bs=${BLOCK_BYTES}`, `count=${BLOCKS}`, "conv=notrunc"),
  };
}

const WRITES = 'ior_syscalls_total{syscall="write",family="FS"}';

/** The questions of the documents, a line each. */
function promQueries(): string[] {
  const lines = readDocuments().flatMap((document) => blocksOf(document, "promql"))
    .flatMap((block) => block.trimEnd().split("\n"));
  assert.ok(lines.length >= 4);
  return lines;
}

Deno.test("promtool finds no fault with the configurations of the documents", async () => {
  const token = `${scratchDirectory("prometheus")}/ior.token`;
  Deno.writeTextFileSync(token, "0123456789abcdef");
  const blocks = readDocuments().flatMap((document) => blocksOf(document, "yaml"));
  assert.ok(blocks.length >= 2);
  for (const block of blocks) {
    await promtoolCheck("config", block.replace("/etc/prometheus/ior.token", token));
  }
});

Deno.test("Prometheus scrapes what a workload has done, as the report has it, and promtool finds no fault", async () => {
  const { options, write } = workload();
  await using served = await startServing(options);
  await using prometheus = await startPrometheus(new URL(served.name).host);
  write();
  await waitFor(async () => await served.sample(WRITES) === BLOCKS, {
    timeoutMs: PATIENCE_MS,
    what: "the calls",
  });
  assert.equal(await served.sample('ior_command_syscalls_total{comm="dd"}'), BLOCKS);
  assert.equal(
    await served.sample('ior_written_bytes_total{syscall="write",family="FS"}'),
    BLOCKS * BLOCK_BYTES,
  );
  const report = await (await served.get("/report.json")).json();
  const schema = new URL("../../schema/ior.report.1.json", import.meta.url);
  assert.deepEqual(compileSchema(JSON.parse(Deno.readTextFileSync(schema)))(report), []);
  assert.deepEqual([report.schema, report.calls, report.write_bytes], [
    "ior.report/1",
    BLOCKS,
    BLOCKS * BLOCK_BYTES,
  ]);
  for (
    const [query, value] of [
      ["ior_syscalls_total", BLOCKS],
      ["ior_syscall_duration_seconds_count", BLOCKS],
      ['ior_syscall_duration_seconds_bucket{le="+Inf"}', BLOCKS],
      ['ior_command_written_bytes_total{comm="dd"}', BLOCKS * BLOCK_BYTES],
      ["ior_build_info", 1],
      ["up", 1],
    ] as const
  ) {
    await waitFor(async () => (await prometheus.query(query)).join() === String(value), {
      timeoutMs: PATIENCE_MS,
      what: query,
    });
  }
  for (const line of promQueries()) await prometheus.query(line);
  write();
  await waitFor(async () => (await prometheus.query("ior_syscalls_total")).join() === String(2 * BLOCKS), {
    timeoutMs: PATIENCE_MS,
    what: "the next scrape",
  });
  const old = await served.get("/metrics", { Accept: "text/plain" });
  assert.match(old.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  await promtoolCheck("metrics", await old.text());
  assert.equal((await served.end()).code, 0);
  await nothingLeftBehind();
});

Deno.test("A collector gets the same by OTLP, and its end is no end of the trace", async () => {
  const { options, write } = workload();
  const totals: number[] = [];
  const receiver = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    assert.equal(new URL(request.url).pathname, "/v1/metrics");
    assert.equal(request.headers.get("x-key"), "a b");
    const body = await request.json();
    checkOtlp(body);
    const { metrics } = body.resourceMetrics[0].scopeMetrics[0];
    const points = metrics.find(({ name }: { name: string }) => name === "ior_syscalls")?.sum.dataPoints ??
      [];
    totals.push(points.reduce((sum: number, { asDouble }: { asDouble: number }) => sum + asDouble, 0));
    return Response.json({});
  });
  const url = `http://127.0.0.1:${receiver.addr.port}`;
  await using served = await startServing([...options, "--otlp", url, "--otlp-interval", "1s"], {
    env: { OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b" },
  });
  write();
  await waitFor(() => totals.at(-1) === BLOCKS, { timeoutMs: PATIENCE_MS, what: "an export" });
  await receiver.shutdown();
  await waitFor(() => /^ior: Cannot send metrics to /m.test(served.said()), {
    timeoutMs: PATIENCE_MS,
    what: "a warning",
  });
  write();
  await waitFor(async () => await served.sample(WRITES) === 2 * BLOCKS, {
    timeoutMs: PATIENCE_MS,
    what: "the calls",
  });
  assert.ok(await served.sample('ior_otlp_exports_total{outcome="failed"}'));
  assert.equal((await served.end("SIGINT")).code, 0);
});

Deno.test("A browser shows the flamegraph of now, and again with what came since", async () => {
  const { options, write } = workload();
  await using served = await startServing(options);
  await using browser = await Chromium.start();
  const counted = (calls: number) =>
    waitFor(async () => await served.sample(WRITES) === calls, {
      timeoutMs: PATIENCE_MS,
      what: "the calls",
    });
  write();
  await counted(BLOCKS);
  const url = new URL("/flame?still", served.name).href;
  const page = await browser.open(url, { width: 1000, height: 600 });
  await page.until("globalThis.iorFlame");
  const frames = await page.evaluate("iorFlame.boxes().map(({ stack }) => stack)");
  assert.deepEqual(frames.slice(0, 3), [[], ["dd"], ["dd", "write"]]);
  assert.equal(frames[3].at(-1), "out");
  const facts = () => page.evaluate("document.getElementById('facts').textContent");
  assert.match(await facts(), /calls1,000lossnone/);
  write();
  await counted(2 * BLOCKS);
  await page.reload();
  await page.until("globalThis.iorFlame");
  assert.match(await facts(), /calls2,000lossnone/);
  assert.deepEqual([page.errors, [...new Set(page.requests)]], [[], [url]]);
});

/** Makes an authority and a certificate of a server that it has signed; returns the names of the files. */
function makeCertificates() {
  const folder = scratchDirectory("certificates");
  const openssl = (...args: string[]) => {
    const { success, stderr } = new Deno.Command("openssl", { args, cwd: folder }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority");
  openssl("req", ...newKey, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=collector");
  Deno.writeTextFileSync(`${folder}/names`, "subjectAltName=IP:127.0.0.1\n");
  const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
  openssl("x509", "-req", "-in", "request.pem", ...authority, "-extfile", "names", "-out", "cert.pem");
  return { authority: `${folder}/ca.pem`, cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
}

Deno.test("A collector with a certificate is sent to when its authority is trusted", async () => {
  const files = makeCertificates();
  const [cert, key] = [Deno.readTextFileSync(files.cert), Deno.readTextFileSync(files.key)];
  let exports = 0;
  const listen = { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} };
  const receiver = Deno.serve(listen, async (request) => {
    exports += checkOtlp(await request.json());
    return Response.json({});
  });
  const url = `https://127.0.0.1:${receiver.addr.port}`;
  const options = [...workload().options, "--otlp", url, "--otlp-interval", "1s"];
  {
    await using served = await startServing(options);
    const reason = "its certificate is not trusted (UnknownIssuer)";
    const line = `ior: Cannot send metrics to ${url}/v1/metrics: ${reason}; tracing goes on`;
    await waitFor(() => served.said().includes(line), { timeoutMs: PATIENCE_MS, what: "a warning" });
    assert.equal(exports, 0);
    assert.equal((await served.end("SIGINT")).code, 0);
  }
  const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: files.authority };
  await using served = await startServing(options, { env });
  await waitFor(() => exports > 0, { timeoutMs: PATIENCE_MS, what: "an export" });
  assert.equal((await served.end("SIGINT")).code, 0);
  assert.doesNotMatch(served.said(), /Cannot send/);
  await receiver.shutdown();
});

/** Sends SIGHUP, and waits until there are so many segments. */
async function endSegment(child: Deno.ChildProcess, folder: string, segments: number): Promise<void> {
  child.kill("SIGHUP");
  await waitFor(() => segmentsIn(folder).length === segments, { timeoutMs: PATIENCE_MS, what: "a segment" });
}

Deno.test("SIGHUP ends a segment and begins the next, and nothing of the rows is lost", async () => {
  const { options, write } = workload();
  const folder = `${scratchDirectory("rotated")}/rec`;
  await using served = await startServing([...options, "--record", `${folder}/`, "--segment-time", "1h"]);
  for (let segments = 1; segments <= 2; segments++) {
    write();
    await waitFor(async () => await served.sample("ior_recording_rows") === segments * BLOCKS, {
      timeoutMs: PATIENCE_MS,
      what: "the rows",
    });
    await endSegment(served.child, folder, segments);
  }
  write();
  await waitFor(async () => await served.sample(WRITES) === 3 * BLOCKS, {
    timeoutMs: PATIENCE_MS,
    what: "the calls",
  });
  assert.equal((await served.end()).code, 0);
  const report = await reportOf(folder);
  assert.deepEqual([report.calls, report.loss.state, segmentsIn(folder).length], [3 * BLOCKS, "none", 3]);
});

Deno.test("A segment that SIGHUP ends has the calls that had ended by then", async () => {
  const { options, write } = workload();
  const folder = `${scratchDirectory("rotated-at-once")}/rec`;
  await using served = await startServing([...options, "--record", `${folder}/`, "--segment-time", "1h"]);
  for (let segments = 1; segments <= 3; segments++) {
    write();
    await endSegment(served.child, folder, segments);
    assert.equal((await reportOf(folder)).calls, segments * BLOCKS);
  }
  assert.equal((await served.end()).code, 0);
});

Deno.test("Without a recording SIGHUP does nothing", async () => {
  const { options, write } = workload();
  await using served = await startServing(options);
  served.child.kill("SIGHUP");
  write();
  await waitFor(async () => await served.sample(WRITES) === BLOCKS, {
    timeoutMs: PATIENCE_MS,
    what: "the calls",
  });
  assert.equal((await served.end()).code, 0);
});

Deno.test("A full disk ends the recording, is said, and serving goes on", async () => {
  const { options, write } = workload();
  using disk = smallDisk(16 * 1024);
  await using served = await startServing([
    ...options,
    "--record",
    `${disk.path}/`,
    "--segment-rows",
    "1000",
  ]);
  await waitFor(async () => {
    write();
    return await served.sample("ior_recording_failed") === 1;
  }, { timeoutMs: PATIENCE_MS, what: "the disk to be full" });
  await waitFor(
    () => /^ior: Recording has stopped, tracing goes on: .*no space left on device$/m.test(served.said()),
    {
      timeoutMs: PATIENCE_MS,
      what: "a warning",
    },
  );
  const before = await served.sample(WRITES) ?? 0;
  write();
  await waitFor(async () => (await served.sample(WRITES) ?? 0) >= before + BLOCKS, {
    timeoutMs: PATIENCE_MS,
    what: "the calls",
  });
  assert.equal((await served.get("/healthz")).status, 200);
  assert.equal((await served.end()).code, 1);
});

Deno.test("Other machines need the token, and so does everybody then", async () => {
  const token = "0123456789abcdef";
  const file = `${scratchDirectory("token")}/token`;
  Deno.writeTextFileSync(file, token, { mode: 0o600 });
  const without = await refusedServer("--listen", "0.0.0.0:0");
  assert.deepEqual([without.code, without.stderr.split("\n")[0]], [
    2,
    "ior: Cannot listen at 0.0.0.0 without --token-file: other machines reach it",
  ]);
  await using served = await startServing(["--listen", "0.0.0.0:0", "--token-file", file, "-e", "openat"]);
  assert.equal((await served.get("/metrics")).status, 401);
  assert.equal((await served.get("/metrics", { Authorization: `Bearer ${token}` })).status, 200);
});

Deno.test("A socket is for its user alone, and is gone with the server", async () => {
  const folder = scratchDirectory("socket");
  const path = `${folder}/s`;
  await using served = await startServing(["--listen", `unix:${path}`, "-e", "openat"]);
  assert.equal(Deno.lstatSync(path).mode! & 0o777, 0o600);
  using conn = await Deno.connect({ transport: "unix", path });
  await conn.write(new TextEncoder().encode("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  assert.match(await new Response(conn.readable).text(), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok\n$/);
  const second = await refusedServer("--listen", `unix:${path}`);
  assert.match(second.stderr, /another program listens there/);
  assert.equal((await served.end()).code, 0);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
});

Deno.test("Statistics and flamegraph share a thread: another one would take 20 MB", async () => {
  const { options } = workload();
  await using served = await startServing(options);
  const tasks = `/proc/${served.child.pid}/task`;
  const names = [...Deno.readDirSync(tasks)].map(({ name }) =>
    Deno.readTextFileSync(`${tasks}/${name}/comm`)
  );
  assert.deepEqual(names.filter((name) => name.startsWith("worker-")), ["worker-1\n"]);
});

Deno.test("The launcher permits all that a server does", async () => {
  const folder = scratchDirectory("launched");
  const otlp = "--otlp http://127.0.0.1:4319";
  const { code, stderr } = await outcome(startWithLauncher(
    `"$IOR" serve -d 1s --listen unix:${folder}/s ${otlp} --record ${folder}/rec/ && "$IOR" serve -d 1s --listen '[::1]:0'`,
  ));
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^ior: Serving at unix:.*^ior: Serving at http:\/\/\[::1\]:\d+\/$/ms);
  assert.match(stderr, /^ior: Cannot send metrics to .*: connection refused; tracing goes on$/m);
  assert.ok(segmentsIn(`${folder}/rec`).length > 0);
});

Deno.test("With the capabilities of the unit and no others, as an ordinary user, it serves", async () => {
  const unit = Deno.readTextFileSync(new URL("../../setup/ior.service", import.meta.url));
  const [, capabilities] = /^AmbientCapabilities=(.*)$/m.exec(unit)!;
  assert.equal(/^CapabilityBoundingSet=(.*)$/m.exec(unit)![1], capabilities);
  const granted = capabilities.split(" ").map((name) => `+${name.replace("CAP_", "").toLowerCase()}`).join();
  const user = asOrdinaryUser(granted);
  const options = { ...user, wrapper: [...user.wrapper, `--bounding-set=-all,${granted}`, "--no-new-privs"] };
  const { options: selected, write } = workload();
  await using served = await startServing(selected, options);
  write();
  await waitFor(async () => await served.sample(WRITES) === BLOCKS, {
    timeoutMs: PATIENCE_MS,
    what: "the calls",
  });
  const status = Deno.readTextFileSync(`/proc/${served.child.pid}/status`);
  assert.match(status, /^NoNewPrivs:\t1$/m);
  assert.match(status, /^CapEff:\t000000c000000000$/m);
  assert.match(status, /^CapBnd:\t000000c000000000$/m);
  assert.equal((await served.end()).code, 0);
});
