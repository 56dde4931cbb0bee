import assert from "node:assert/strict";
import { formatTime, parseTime, timeAfter } from "../../runtime/rfc3339.ts";

Deno.test("A time is read to the nanosecond", () => {
  const times: [text: string, epochNs: bigint][] = [
    ["2026-08-01T12:03:04.123456789Z", 1_785_585_784_123_456_789n],
    ["1970-01-01T00:00:01Z", 1_000_000_000n],
    ["1969-12-31T23:59:59.5Z", -500_000_000n],
    ["2024-02-29T00:00:00.000001Z", 1_709_164_800_000_001_000n],
  ];
  for (const [text, epochNs] of times) assert.equal(parseTime(text), epochNs, text);
});

Deno.test("Text that is no time in UTC, or a day that no month has, is none", () => {
  const texts = [
    ["", "noon", "2026-08-01", "2026-08-01T00:00:00+02:00", "2026-08-01T00:00:00.0000000001Z"],
    ["2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-02-28T24:00:00Z", "+010000-01-01T00:00:00Z"],
  ].flat();
  for (const text of texts) assert.equal(parseTime(text), null, text);
});

Deno.test("A time is written with nine digits, before 1970 and after, up to the last that has four digits of a year", () => {
  for (
    const text of [
      "0000-01-01T00:00:00.000000000Z",
      "1969-12-31T23:59:59.999999999Z",
      "1970-01-01T00:00:00.000000001Z",
      "9999-12-31T23:59:59.999999999Z",
    ]
  ) assert.equal(formatTime(parseTime(text)!), text);
  const last = parseTime("9999-12-31T23:59:59.999999999Z")!;
  assert.throws(() => formatTime(last + 1n), /its year must have four digits/);
  assert.throws(() => formatTime(parseTime("0000-01-01T00:00:00Z")! - 1n), /its year must have four digits/);
});

Deno.test("A time after another crosses months, and comes before it too", () => {
  const started = "2026-02-28T23:59:59.999999999Z";
  assert.equal(timeAfter(started, 1), "2026-03-01T00:00:00.000000000Z");
  assert.equal(timeAfter(started, -1_000_000_000), "2026-02-28T23:59:58.999999999Z");
  assert.throws(() => timeAfter("yesterday", 0), /it is yesterday, it must be RFC 3339/);
});
