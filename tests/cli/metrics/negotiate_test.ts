import assert from "node:assert/strict";
import { OPEN_METRICS, PROMETHEUS_TEXT } from "../../../cli/metrics/exposition.ts";
import { formatFor } from "../../../cli/metrics/mod.ts";

Deno.test("A scraper gets the format that it prefers", () => {
  const prometheus =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
  for (
    const accept of [
      null,
      "*/*",
      prometheus,
      "application/openmetrics-text",
      "application/json",
      "",
      "text/*;q=x",
    ]
  ) {
    assert.equal(formatFor(accept), OPEN_METRICS, `${accept}`);
  }
  const old = [
    "text/plain",
    "text/plain;version=0.0.4",
    "text/*, application/openmetrics-text;q=0.5",
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "application/openmetrics-text; version=2.0.0, text/plain",
  ];
  for (const accept of old) assert.equal(formatFor(accept), PROMETHEUS_TEXT, accept);
});
