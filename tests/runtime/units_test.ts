import assert from "node:assert/strict";
import { IorError } from "../../runtime/errors.ts";
import { formatExactSize, listOf, parseDuration, parseSize } from "../../runtime/units.ts";

const RUN = { subject: "-d", bareSeconds: true, longUnits: true };

Deno.test("A duration is read to the exact nanosecond in every unit", () => {
  const cases: [string, number][] = [
    ["0ns", 0],
    ["7ns", 7],
    ["100us", 100_000],
    ["100µs", 100_000],
    ["5ms", 5_000_000],
    ["1s", 1_000_000_000],
    ["0.1s", 100_000_000],
    ["1.000000001s", 1_000_000_001],
    ["9007199.254740991s", 9_007_199_254_740_991],
  ];
  for (const [text, ns] of cases) assert.equal(parseDuration(text), ns, text);
});

Deno.test("The length of a run may be seconds without a unit, minutes or hours", () => {
  assert.equal(parseDuration("3", RUN), 3_000_000_000);
  assert.equal(parseDuration("0.25", RUN), 250_000_000);
  assert.equal(parseDuration("2m", RUN), 120_000_000_000);
  assert.equal(parseDuration("1.5h", RUN), 5_400_000_000_000);
});

Deno.test("A duration that is not one is refused with what was found and what was wanted", () => {
  const cases: [string, RegExp][] = [
    ["", /it must be a number with a unit of ns, us, ms or s$/],
    ["5", /`5`: it has no unit/],
    ["5m", /unknown unit `m`, it must be ns, us, ms or s$/],
    ["5 ms", /it must be a number with a unit/],
    ["-5ms", /it must be a number with a unit/],
    ["5MS", /it must be a number with a unit/],
    [".5s", /it must be a number with a unit/],
    ["1e3s", /it must be a number with a unit/],
    ["5constructor", /unknown unit `constructor`/],
    ["0.5ns", /finer than one nanosecond/],
    ["9007199.254740993s", /longer than 104 days/],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseDuration(text), (error) => {
      assert.ok(error instanceof IorError, text);
      assert.equal(error.code, "usage");
      assert.match(error.message, message);
      assert.ok(error.hint, text);
      return true;
    });
  }
  assert.throws(
    () => parseDuration("soon", RUN),
    /Cannot use -d `soon`: it must be seconds, or a number with a unit of .* s, m or h$/,
  );
});

Deno.test("A size is read with suffixes of 1024 in either case", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["4096", 4096],
    ["16k", 16_384],
    ["16K", 16_384],
    ["64M", 67_108_864],
    ["1g", 1_073_741_824],
  ];
  for (const [text, bytes] of cases) assert.equal(parseSize(text), bytes, text);
});

Deno.test("A size that is not one is refused", () => {
  for (const text of ["", "k", "1.5M", "-1", "64MB", "64 M", "1T", "0x10"]) {
    assert.throws(
      () => parseSize(text, "--ring-size"),
      /Cannot use --ring-size `.*`: it must be a whole number/,
    );
  }
  assert.throws(() => parseSize("99999999999999G"), /it is too large/);
});

Deno.test("An exact size reads back as the same number", () => {
  for (const bytes of [0, 1, 1000, 1024, 65_536, 3 * 1024, 32 * 1024 ** 2, 1024 ** 3, 2 * 1024 ** 4]) {
    assert.equal(parseSize(formatExactSize(bytes)), bytes);
  }
  assert.equal(formatExactSize(32 * 1024 ** 2), "32M");
  assert.equal(formatExactSize(65_536), "64k");
});

Deno.test("A list reads as a sentence has it", () => {
  assert.equal(listOf([], "or"), "");
  assert.equal(listOf(["a"], "or"), "a");
  assert.equal(listOf(["a", "b", "c"], "and"), "a, b and c");
});
