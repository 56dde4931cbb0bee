import type { HttpRequest } from "./request.ts";

/** An answer. */
export interface HttpResponse {
  status: number;
  /** Media type of the body. */
  contentType: string;
  /** Further headers, by name. */
  headers?: Readonly<Record<string, string>>;
  /** Its text, or the pieces of one: a long text in one piece, and its bytes, are each as much memory again. */
  body: string | readonly string[];
}

/** Phrases of the statuses that the server sends. */
const PHRASES: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

/** Every answer is of this moment, is what it says it is, and is for nobody else's page. */
const ALWAYS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Most bytes of a text for each of its 16-bit characters. */
const MOST_BYTES = 3;

const ENCODER = new TextEncoder();

/** An answer of one sentence, or a few lines. */
export function plainResponse(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return { status, contentType: "text/plain; charset=utf-8", headers, body: `${text}\n` };
}

/** The bytes of an answer to a request, `null` for one that could not be read. */
export function responseBytes(
  { status, contentType, headers = {}, body }: HttpResponse,
  request: Pick<HttpRequest, "method" | "keepsAlive"> | null,
): Uint8Array<ArrayBuffer> {
  const headOf = (length: number) => {
    const fields = {
      "Content-Type": contentType,
      "Content-Length": String(length),
      Connection: request?.keepsAlive ? "keep-alive" : "close",
      ...ALWAYS,
      ...headers,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return ENCODER.encode(`HTTP/1.1 ${status} ${PHRASES[status]}\r\n${lines.join("")}\r\n`);
  };
  // The head says how long the body is, and is written in front of it when that is known.
  const room = headOf(Number.MAX_SAFE_INTEGER).length;
  const bytes = encodeBehind(room, typeof body === "string" ? [body] : body);
  const head = headOf(bytes.length - room);
  if (request?.method === "HEAD") return head;
  const start = room - head.length;
  bytes.set(head, start);
  return bytes.subarray(start);
}

/** The bytes of a text behind `room` bytes that are free. */
function encodeBehind(room: number, pieces: readonly string[]): Uint8Array<ArrayBuffer> {
  // Nearly all texts have one byte for each character, and fit at once.
  let bytes = new Uint8Array(room + pieces.reduce((sum, piece) => sum + piece.length, 0));
  let end = room;
  for (const piece of pieces) {
    let { read, written } = ENCODER.encodeInto(piece, bytes.subarray(end));
    if (read < piece.length) {
      const more = new Uint8Array(bytes.length + MOST_BYTES * piece.length);
      more.set(bytes.subarray(0, end));
      bytes = more;
      ({ read, written } = ENCODER.encodeInto(piece, bytes.subarray(end)));
    }
    end += written;
  }
  return bytes.subarray(0, end);
}
