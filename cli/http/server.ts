/**
 * A small HTTP/1.1 server for requests without a body. The runtime's own has no limits to set: neither of connections nor
 * of the time that a client may take, and whoever may connect could take ior's memory from its trace.
 */
import { delay } from "../../runtime/delay.ts";
import { HTTP_LIMITS, type LimitName } from "./limits.ts";
import { HEAD_END, type HttpRequest, readRequest } from "./request.ts";
import { type HttpResponse, plainResponse, responseBytes } from "./response.ts";

/** Answers a request; a failure is answered with status 500. */
export type Handler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** The limits of {@linkcode HTTP_LIMITS}, or others in tests. */
export type HttpLimits = { readonly [Name in keyof typeof HTTP_LIMITS]: number };

/** Pause after a connection could not be accepted, milliseconds: there are no descriptors left, for now. */
const ACCEPT_PAUSE_MS = 100;

/** Answers what comes to a listener until it is disposed of. */
export class HttpServer implements AsyncDisposable {
  readonly #listener: Deno.Listener;
  readonly #handler: Handler;
  readonly #limits: HttpLimits;
  readonly #connections = new Set<Connection>();
  readonly #ended: Promise<void>;
  #isClosed = false;
  #answering = 0;
  /** Answers so far, by status. */
  readonly responses = new Map<number, number>();
  /** Connections that were closed because of a limit so far. */
  readonly refused = new Map<LimitName, number>();

  constructor(listener: Deno.Listener, handler: Handler, limits: HttpLimits = HTTP_LIMITS) {
    this.#listener = listener;
    this.#handler = handler;
    this.#limits = limits;
    this.#ended = this.#acceptAll();
  }

  /** Closes the listener and every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
    await this.#ended;
  }

  async #acceptAll(): Promise<void> {
    while (!this.#isClosed) {
      try {
        this.#begin(new Connection(await this.#listener.accept()));
      } catch {
        if (!this.#isClosed) await delay(ACCEPT_PAUSE_MS);
      }
    }
  }

  #begin(connection: Connection): void {
    if (this.#connections.size >= this.#limits.connections) {
      this.#refuse("connections");
      // The first that waits has waited longest, as the set is in the order of the last requests.
      const idle = [...this.#connections].find(({ isWaiting }) => isWaiting);
      (idle ?? connection).close();
      if (idle === undefined) return;
      this.#connections.delete(idle);
    }
    this.#connections.add(connection);
    this.#serve(connection).catch(() => {}).finally(() => {
      connection.close();
      this.#connections.delete(connection);
    });
  }

  /** Answers the requests of a connection, one after the other. */
  async #serve(connection: Connection): Promise<void> {
    const { headBytes, headMs, idleMs, answerMs } = this.#limits;
    for (let keepsAlive = true; keepsAlive;) {
      connection.isWaiting = true;
      if (!await this.#within("idle_time", idleMs, connection, connection.waitForBytes())) return;
      const head = await this.#within("head_time", headMs, connection, connection.readHead(headBytes));
      if (head === null) return;
      connection.isWaiting = false;
      this.#connections.delete(connection);
      this.#connections.add(connection);
      const request = head === "too long" ? null : readRequest(head);
      const isRequest = request !== null && "method" in request;
      const response = request === null
        ? plainResponse(431, `A request has at most ${headBytes} bytes`)
        : isRequest
        ? await this.#answer(request)
        : plainResponse(request.status, request.reason);
      this.responses.set(response.status, (this.responses.get(response.status) ?? 0) + 1);
      const bytes = responseBytes(response, isRequest ? request : null);
      await this.#within("answer_time", answerMs, connection, connection.write(bytes));
      keepsAlive = isRequest && request.keepsAlive;
    }
  }

  async #answer(request: HttpRequest): Promise<HttpResponse> {
    if (this.#answering >= this.#limits.answers) {
      return plainResponse(503, "Too many requests at the same time", { "Retry-After": "1" });
    }
    this.#answering++;
    try {
      return await this.#handler(request);
    } catch (error) {
      return plainResponse(500, error instanceof Error ? error.message : String(error));
    } finally {
      this.#answering--;
    }
  }

  /** Waits for work on a connection, which is closed when that takes longer. */
  async #within<Value>(
    limit: LimitName,
    ms: number,
    connection: Connection,
    work: Promise<Value>,
  ): Promise<Value> {
    const timer = setTimeout(() => {
      this.#refuse(limit);
      connection.close();
    }, ms);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  #refuse(limit: LimitName): void {
    this.refused.set(limit, (this.refused.get(limit) ?? 0) + 1);
  }
}

/** A connection, with what was read of it and not yet used. */
class Connection {
  /** True while it waits for a request, or for the rest of one. */
  isWaiting = true;
  readonly #conn: Deno.Conn;
  readonly #chunk = new Uint8Array(4096);
  #rest = "";
  #isClosed = false;

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** Waits until there is something to read; false at the end. */
  async waitForBytes(): Promise<boolean> {
    return this.#rest !== "" || await this.#read();
  }

  /** The head of the next request; `null` when the client ends before. */
  async readHead(most: number): Promise<string | "too long" | null> {
    let end: RegExpExecArray | null;
    while ((end = HEAD_END.exec(this.#rest)) === null) {
      if (this.#rest.length > most) return "too long";
      if (!await this.#read()) return null;
    }
    const [mark] = end;
    // A bare line feed stays in the head, which is then refused for it.
    const head = this.#rest.slice(0, end.index + (mark === "\n" ? 1 : 0));
    this.#rest = this.#rest.slice(end.index + mark.length);
    return end.index > most ? "too long" : head;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Safe to call more than once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }

  async #read(): Promise<boolean> {
    const length = await this.#conn.read(this.#chunk);
    if (length === null) return false;
    for (const byte of this.#chunk.subarray(0, length)) this.#rest += String.fromCharCode(byte);
    return true;
  }
}
