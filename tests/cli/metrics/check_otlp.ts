/** What a receiver of OTLP checks of a request: the members of opentelemetry-proto in its mapping to JSON. */
import assert from "node:assert/strict";

type Check = (value: unknown, where: string) => void;

const text: Check = (value, where) => assert.equal(typeof value, "string", where);
const bool: Check = (value, where) => assert.equal(typeof value, "boolean", where);
const double: Check = (value, where) => assert.ok(typeof value === "number" && Number.isFinite(value), where);
/** 64-bit integers are text in JSON. */
const fixed64: Check = (value, where) =>
  assert.match(String(value) === value ? value : "not text", /^\d{1,20}$/, where);
const cumulative: Check = (value, where) => assert.equal(value, 2, where);

function list(each: Check): Check {
  return (value, where) => {
    assert.ok(Array.isArray(value), where);
    value.forEach((one, i) => each(one, `${where}[${i}]`));
  };
}

/** A message whose members are all known, and the first `required` of them there. */
function message(members: Record<string, Check>, required = Object.keys(members).length): Check {
  return (value, where) => {
    assert.ok(typeof value === "object" && value !== null, where);
    for (const [name, member] of Object.entries(value)) {
      assert.ok(Object.hasOwn(members, name), `${where} has the unknown member ${name}`);
      members[name](member, `${where}.${name}`);
    }
    for (const name of Object.keys(members).slice(0, required)) {
      assert.ok(Object.hasOwn(value, name), `${where} lacks ${name}`);
    }
  };
}

function oneOf(members: Record<string, Check>): Check {
  return (value, where) => {
    assert.equal(Object.keys(value ?? {}).length, 1, where);
    message(members, 0)(value, where);
  };
}

/** Checks the body of a request, and returns its number of points. */
export function checkOtlp(request: unknown): number {
  let points = 0;
  const counted = (check: Check): Check => (value, where) => {
    points++;
    check(value, where);
  };
  const attributes = list(message({ key: text, value: oneOf({ stringValue: text, intValue: fixed64 }) }));
  const number = counted(
    message({ attributes, timeUnixNano: fixed64, asDouble: double, startTimeUnixNano: fixed64 }, 3),
  );
  const summed = counted(
    message({ attributes, timeUnixNano: fixed64, asDouble: double, startTimeUnixNano: fixed64 }),
  );
  const histogram = counted((value, where) => {
    message({
      attributes,
      startTimeUnixNano: fixed64,
      timeUnixNano: fixed64,
      count: fixed64,
      sum: double,
      bucketCounts: list(fixed64),
      explicitBounds: list(double),
    })(value, where);
    const { count, bucketCounts, explicitBounds } = value as {
      count: string;
      bucketCounts: string[];
      explicitBounds: number[];
    };
    assert.equal(bucketCounts.length, explicitBounds.length + 1, where);
    assert.equal(bucketCounts.reduce((sum, one) => sum + Number(one), 0), Number(count), where);
    assert.deepEqual(explicitBounds, [...new Set(explicitBounds)].sort((a, b) => a - b), where);
  });
  const metric = message({
    name: text,
    description: text,
    unit: text,
    gauge: message({ dataPoints: list(number) }),
    sum: message({ dataPoints: list(summed), aggregationTemporality: cumulative, isMonotonic: bool }),
    histogram: message({ dataPoints: list(histogram), aggregationTemporality: cumulative }),
  }, 3);
  const scope = message({ scope: message({ name: text, version: text }), metrics: list(metric) });
  message({
    resourceMetrics: list(message({ resource: message({ attributes }), scopeMetrics: list(scope) })),
  })(request, "request");
  return points;
}
