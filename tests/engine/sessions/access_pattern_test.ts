import assert from "node:assert/strict";
import { AccessPattern } from "../../../engine/sessions/access_pattern.ts";

/** The access of calls at these places, each of ten bytes; a seek goes before those that are not where the one before ended. */
function accessAt(places: readonly number[], isNew = true) {
  const pattern = new AccessPattern(isNew);
  let end = isNew ? 0 : NaN;
  for (const place of places) {
    if (place !== end) pattern.seek(place);
    pattern.move(10);
    end = place + 10;
  }
  return pattern.access;
}

const places = (count: number, place: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => place(i));

Deno.test("Calls that follow one another are sequential, also from a place in the middle and after one jump of twenty", () => {
  assert.equal(accessAt(places(10, (i) => 10 * i)), "sequential");
  assert.equal(accessAt(places(10, (i) => 500 + 10 * i)), "sequential");
  assert.equal(accessAt(places(10, (i) => 500 + 10 * i), false), "sequential");
  assert.equal(accessAt([...places(30, (i) => 10 * i), ...places(30, (i) => 10 * i)]), "sequential");
});

Deno.test("Calls at equal distances are strided, forwards and backwards, and all others random", () => {
  assert.equal(accessAt(places(10, (i) => 100 * i)), "strided");
  assert.equal(accessAt(places(10, (i) => 5000 - 100 * i)), "strided");
  assert.equal(accessAt(places(10, (i) => (i * i * 7919) % 1000)), "random");
  assert.equal(accessAt([0, 100, 200]), "random");
});

Deno.test("Fewer than two calls have no pattern, and those at unknown places have one that is not known", () => {
  assert.equal(accessAt([]), null);
  assert.equal(accessAt([0]), null);
  const pattern = new AccessPattern(true);
  pattern.moveElsewhere(10);
  pattern.moveElsewhere(0);
  assert.equal(pattern.access, null, "one that moved nothing is none");
  for (let i = 0; i < 2; i++) pattern.moveElsewhere(10);
  pattern.move(10);
  assert.equal(pattern.access, "unknown");
  for (let i = 0; i < 3; i++) pattern.move(10);
  assert.equal(pattern.access, "sequential");
});

Deno.test("Calls with an offset of their own count where they move bytes, and leave the position", () => {
  const pattern = new AccessPattern(true);
  for (let i = 0; i < 30; i++) pattern.moveAt(100 * i, 100);
  assert.equal(pattern.access, "sequential");
  pattern.moveAt(0, 0);
  pattern.move(10);
  pattern.move(10);
  assert.equal(pattern.access, "sequential");
  for (const offset of [7, 900, 30, 444, 81]) pattern.moveAt(offset, 10);
  assert.equal(pattern.access, "random");
});

Deno.test("What is appended follows what was appended before, wherever the position is, and no read", () => {
  const pattern = new AccessPattern(true);
  for (let i = 0; i < 30; i++) {
    pattern.seek(0);
    pattern.append(10, i % 2 === 0);
    pattern.append(0, true);
  }
  assert.equal(pattern.access, "sequential");
  // At the new end.
  pattern.append(10, true);
  pattern.move(10);
  assert.equal(pattern.access, "sequential");
  for (let i = 0; i < 5; i++) {
    pattern.moveAt(10 * i, 10);
    pattern.append(10, false);
  }
  assert.equal(pattern.access, "random");
});

Deno.test("A read at the end of a file moves nothing", () => {
  const pattern = new AccessPattern(true);
  pattern.move(10);
  pattern.move(0);
  pattern.move(NaN);
  assert.equal(pattern.access, null);
});
