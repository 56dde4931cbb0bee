import assert from "node:assert/strict";
import { HTTP_LIMITS } from "../../../cli/http/limits.ts";
import { type Handler, HttpServer, plainResponse } from "../../../cli/http/mod.ts";
import type { HttpLimits } from "../../../cli/http/server.ts";
import { waitFor } from "../../wait.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** A server on a port of its own, and what was asked of it. */
function serverOf(
  limits: Partial<HttpLimits> = {},
  handler: Handler = ({ path }) => plainResponse(200, path),
) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = new HttpServer(listener, handler, { ...HTTP_LIMITS, ...limits });
  const { port } = listener.addr;
  return { server, port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function connect(port: number, text = ""): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ port });
  await conn.write(new TextEncoder().encode(text));
  return conn;
}

/** Everything that is sent until the end of the connection. */
async function rest(conn: Deno.Conn): Promise<string> {
  let text = "";
  const bytes = new Uint8Array(65536);
  const decoder = new TextDecoder();
  try {
    for (let length; (length = await conn.read(bytes)) !== null;) {
      text += decoder.decode(bytes.subarray(0, length));
    }
  } catch {
    // Closed by the server while more was on its way.
  }
  conn.close();
  return text;
}

Deno.test("Requests of a connection are answered in their order, also when they come at once or in pieces", async () => {
  await using served = serverOf();
  const conn = await connect(served.port, `${GET}GET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HT`);
  await conn.write(new TextEncoder().encode("TP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  const text = await rest(conn);
  assert.deepEqual(text.match(/^\/.*$/gm), ["/", "/b", "/c"]);
  assert.deepEqual([...served.server.responses], [[200, 3]]);
});

Deno.test("The runtime's own client understands the answers, HEAD has none of the body", async () => {
  await using served = serverOf();
  const url = `http://127.0.0.1:${served.port}/x?y`;
  const response = await fetch(url);
  assert.deepEqual([response.status, await response.text()], [200, "/x\n"]);
  const head = await fetch(url, { method: "HEAD" });
  assert.deepEqual([head.headers.get("content-length"), await head.text()], ["3", ""]);
  const post = await fetch(url, { method: "POST", body: "x" });
  assert.deepEqual([post.status, await post.text()], [413, "A request has no body here\n"]);
});

Deno.test("A handler that throws is answered with 500, and the connection goes on", async () => {
  await using served = serverOf({}, ({ path }) => {
    if (path === "/bad") throw new Error("broken");
    return plainResponse(200, path);
  });
  const conn = await connect(
    served.port,
    `GET /bad HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /ok HTTP/1.0\r\n\r\n`,
  );
  assert.match(await rest(conn), /^HTTP\/1.1 500 [^]*\r\n\r\nbroken\nHTTP\/1.1 200 [^]*\r\n\r\n\/ok\n$/);
});

Deno.test("A request that is too long is refused before it is read", async () => {
  await using served = serverOf({ headBytes: 200 });
  const conn = await connect(served.port, `GET / HTTP/1.1\r\nX: ${"x".repeat(300)}`);
  assert.match(await rest(conn), /^HTTP\/1.1 431 /);
});

Deno.test("Lines that end with a line feed alone are refused as soon as one has come", async () => {
  await using served = serverOf();
  for (const head of ["GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n", "\n", `${GET}\n`]) {
    const text = await rest(await connect(served.port, head));
    assert.match(
      text,
      /(?:^|\n)HTTP\/1.1 400 [^]*\r\n\r\nEach line must end with CR LF\n$/,
      JSON.stringify(head),
    );
  }
  assert.deepEqual([...served.server.refused], []);
});

Deno.test("A client that sends nothing, or half of a request, is closed", async () => {
  // Only one of the limits is short: on a busy machine half of a request may come after it.
  for (
    const [limit, limits, text] of [
      ["idle_time", { idleMs: 30 }, ""],
      ["head_time", { headMs: 30 }, "GET / HT"],
    ] as const
  ) {
    await using served = serverOf(limits);
    assert.equal(await rest(await connect(served.port, text)), "");
    assert.deepEqual([...served.server.refused], [[limit, 1]]);
  }
});

Deno.test("A client that does not take its answer is closed", async () => {
  await using served = serverOf({ answerMs: 50 }, () => plainResponse(200, "x".repeat(20_000_000)));
  const conn = await connect(served.port, GET);
  await waitFor(() => served.server.refused.get("answer_time"), {
    timeoutMs: 60_000,
    what: "the end of the answer",
  });
  assert.ok((await rest(conn)).length < 20_000_000);
});

Deno.test("With too many connections the one that has waited longest for a request is closed", async () => {
  await using served = serverOf({ connections: 2 });
  const idle = await connect(served.port);
  const other = await connect(served.port);
  const conn = await connect(served.port, GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  assert.match(await rest(conn), /^HTTP\/1.1 200 /);
  assert.equal(await rest(idle), "");
  assert.deepEqual([...served.server.refused], [["connections", 1]]);
  other.close();
});

Deno.test("With too many requests at the same time the next is told to come again", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  await using served = serverOf({ answers: 2 }, async () => {
    waiting++;
    await promise;
    return plainResponse(200, "");
  });
  const url = `http://127.0.0.1:${served.port}/`;
  const first = [fetch(url), fetch(url)];
  await waitFor(() => waiting === 2, { timeoutMs: 60_000, what: "two requests" });
  const third = await fetch(url);
  assert.deepEqual([third.status, third.headers.get("retry-after")], [503, "1"]);
  await third.text();
  resolve();
  for (const response of await Promise.all(first)) assert.equal((await response.text()).length, 1);
});

Deno.test("The end of the server is the end of its connections", async () => {
  const served = serverOf();
  const conn = await connect(served.port);
  await served[Symbol.asyncDispose]();
  assert.equal(await rest(conn), "");
  await assert.rejects(Deno.connect({ port: served.port }));
});
