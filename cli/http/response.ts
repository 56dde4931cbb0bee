import type { HttpRequest } from "./request.ts";

/** An answer. */
export interface HttpResponse {
  status: number;
  /** Media type of the body. */
  contentType: string;
  /** Further headers, by name. */
  headers?: Readonly<Record<string, string>>;
  body: string;
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
  const bytes = new TextEncoder().encode(body);
  const fields = {
    "Content-Type": contentType,
    "Content-Length": String(bytes.length),
    Connection: request?.keepsAlive ? "keep-alive" : "close",
    ...ALWAYS,
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = new TextEncoder().encode(`HTTP/1.1 ${status} ${PHRASES[status]}\r\n${lines.join("")}\r\n`);
  if (request?.method === "HEAD") return head;
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}
