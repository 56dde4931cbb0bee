import assert from "node:assert/strict";
import { readRequest } from "../../../cli/http/request.ts";

/** The status of a head, 200 for one that is a request. */
function statusOf(head: string): number {
  const request = readRequest(head);
  return "status" in request ? request.status : 200;
}

Deno.test("A request has a path, a query and headers by lower-case name", () => {
  const request = readRequest(
    "GET /a%20b?x=1&y HTTP/1.1\r\nHOST: localhost:1\r\nAccept:  a, b \r\nAccept: c",
  );
  assert.ok(!("status" in request));
  assert.deepEqual([request.method, request.path, request.query.get("x"), request.query.has("y")], [
    "GET",
    "/a b",
    "1",
    true,
  ]);
  assert.deepEqual([...request.headers], [["host", "localhost:1"], ["accept", "a, b"]]);
});

Deno.test("A connection stays open unless the client says otherwise, or speaks HTTP/1.0", () => {
  const keeps = (head: string) => {
    const request = readRequest(head);
    return !("status" in request) && request.keepsAlive;
  };
  assert.equal(keeps("GET / HTTP/1.1\r\nHost: a"), true);
  assert.equal(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: Foo, Close"), false);
  assert.equal(keeps("GET / HTTP/1.0"), false);
  assert.equal(keeps("GET / HTTP/1.0\r\nConnection: keep-alive"), true);
});

Deno.test("A target may have its scheme and host, which is then that of the request", () => {
  for (
    const [target, path, query] of [
      ["http://localhost:1/a?x=1", "/a", "1"],
      ["HTTP://localhost:1", "/", null],
      ["http://localhost:1?x=1", "/", "1"],
    ]
  ) {
    const request = readRequest(`GET ${target} HTTP/1.1\r\nHost: another`);
    assert.ok(!("status" in request), `${target}`);
    assert.deepEqual(
      [request.path, request.query.get("x"), request.headers.get("host")],
      [path, query, "localhost:1"],
    );
  }
  assert.equal(statusOf("GET http://a/ HTTP/1.1"), 400, "the header is needed all the same");
});

Deno.test("An empty line before a request is left out, and a second one refused", () => {
  const request = "GET / HTTP/1.1\r\nHost: a";
  assert.deepEqual(readRequest(`\r\n${request}`), readRequest(request));
  assert.equal(statusOf(`\r\n\r\n${request}`), 400);
});

Deno.test("What is not exactly a request is refused", () => {
  const host = "\r\nHost: a";
  const bad = [
    "",
    "GET /",
    "GET  / HTTP/1.1",
    "GET / HTTP/1.1 x",
    "G\tT / HTTP/1.1",
    "GET http:///a HTTP/1.1",
    "GET http://user@a/ HTTP/1.1",
    "GET https://a/ HTTP/1.1",
    "GET * HTTP/1.1",
    "GET /%zz HTTP/1.1",
    "GET /a#b HTTP/1.1",
    "GET /\x7f HTTP/1.1",
  ];
  for (const line of bad) assert.equal(statusOf(line + host), 400, line);
  assert.equal(statusOf("GET / HTTP/1.1"), 400);
  for (
    const header of [
      "Host: b",
      "Content-Length: 0\r\nContent-Length: 5",
      " folded",
      ": a",
      "a b: c",
      "no colon",
      "a: b\nc",
    ]
  ) {
    assert.equal(statusOf(`GET / HTTP/1.1${host}\r\n${header}`), 400, header);
  }
  assert.equal(statusOf(`GET / HTTP/2.0${host}`), 505);
  assert.equal(statusOf(`GET /${"a".repeat(3000)} HTTP/1.1${host}`), 414);
  assert.equal(statusOf(`POST / HTTP/1.1${host}\r\nContent-Length: 1`), 413);
  assert.equal(statusOf(`GET / HTTP/1.1${host}\r\nTransfer-Encoding: chunked`), 413);
  assert.equal(statusOf(`GET / HTTP/1.1${host}\r\nContent-Length: 0`), 200);
});
