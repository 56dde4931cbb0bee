/** Prometheus as Debian has it, whose programs `tests/run` puts into the search path. */
import assert from "node:assert/strict";
import { waitFor } from "../wait.ts";
import { scratchDirectory } from "./scratch.ts";
import { PATIENCE_MS } from "./served.ts";

/** Checks a text as `promtool check` does: metrics, their names and units included, or a configuration. */
export async function promtoolCheck(what: "metrics" | "config", text: string): Promise<void> {
  const child = new Deno.Command("promtool", {
    args: ["check", what, ...(what === "config" ? ["/dev/stdin"] : [])],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
}

/** A Prometheus that scrapes one target each second. */
export interface Prometheus extends AsyncDisposable {
  /** The values of a query, as numbers; of none an empty list. Rejects for what is no query. */
  query(expression: string): Promise<number[]>;
}

/** Starts it; `target` is `HOST:PORT`. Its data are in a directory of the test. */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = scratchDirectory("prometheus");
  Deno.writeTextFileSync(
    `${folder}/config.yml`,
    `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: ior
    static_configs: [{ targets: ["${target}"] }]
`,
  );
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const child = new Deno.Command("prometheus", {
    args: [
      `--config.file=${folder}/config.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/-/ready`).then(async (response) => {
      await response.body?.cancel();
      return response.ok;
    }, () => false);
  await waitFor(isReady, { timeoutMs: PATIENCE_MS, what: "Prometheus" });
  return {
    async query(expression) {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data, error } = await response.json();
      assert.ok(response.ok, `${expression}: ${error}`);
      return data.result.map(({ value: [, text] }: { value: [number, string] }) => Number(text));
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}
