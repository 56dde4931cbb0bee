import assert from "node:assert/strict";
import { type HttpResponse, responseBytes } from "../../../cli/http/response.ts";

const GET = { method: "GET", keepsAlive: true };

/** Head and body of an answer. */
function sent(body: HttpResponse["body"], request = GET): [head: string, body: Uint8Array] {
  const bytes = responseBytes({ status: 200, contentType: "text/plain; charset=utf-8", body }, request);
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\r\n\r\n") + 4;
  return [text.slice(0, end), bytes.subarray(end)];
}

for (const [what, text] of [["ASCII", "abc\n"], ["long characters", "é\u{1f600}\u2028x"], ["nothing", ""]]) {
  for (const count of [1, 2, 300]) {
    Deno.test(`An answer of ${count} pieces with ${what} has the bytes of their text, and says how many`, () => {
      const whole = new TextEncoder().encode(text.repeat(count));
      const [head, body] = sent(Array.from({ length: count }, () => text));
      assert.deepEqual(body, whole);
      assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
      assert.ok(head.includes(`\r\nContent-Length: ${whole.length}\r\n`), head);
      assert.deepEqual(sent(text.repeat(count)), [head, whole]);
      assert.deepEqual(sent(text.repeat(count), { ...GET, method: "HEAD" }), [head, new Uint8Array(0)]);
    });
  }
}

Deno.test("An answer takes no more memory than its bytes, which are not copied", () => {
  const bytes = responseBytes(
    { status: 200, contentType: "text/plain", body: Array.from({ length: 400 }, () => "a".repeat(1000)) },
    GET,
  );
  assert.ok(bytes.buffer.byteLength < 401_000, `${bytes.buffer.byteLength} bytes`);
});
