/** A request, as far as the server needs it. */
export interface HttpRequest {
  method: string;
  /** Decoded path without the query. */
  path: string;
  query: URLSearchParams;
  /** By lower-case name; of those that come twice the first. */
  headers: ReadonlyMap<string, string>;
  /** True when the connection stays open after the answer. */
  keepsAlive: boolean;
}

/** Why a request cannot be used: a status, and one sentence. */
export interface BadRequest {
  status: 400 | 413 | 414 | 505;
  reason: string;
}

/** Most characters of a target: every name that the server has is short. */
const TARGET_CHARACTERS = 2048;

/**
 * A line feed that ends a line alone. RFC 9112 lets a server take it or not; a proxy in front may count it to a header's value,
 * and would then see one request where there are two.
 */
const BARE_LINE_FEED = /(?<!\r)\n/;

/** What ends a head, or shows that it is wrong. */
export const HEAD_END = new RegExp(`\\r\\n\\r\\n|${BARE_LINE_FEED.source}`);

/** Headers of which two would make it two requests, or one of another host. */
const ONCE: ReadonlySet<string> = new Set(["host", "content-length"]);

/** A target with its scheme and host, which may come without a proxy too. */
const ABSOLUTE = /^http:\/\/([^/?#@]+)([/?].*)?$/i;

/** A token of RFC 9110, such as the name of a header. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads the head of a request, RFC 9112: the lines before the empty one, as Latin-1, without the end of the last. Only what
 * is exactly a request without a body is accepted, and one empty line before it, as some clients end a request with one more.
 */
export function readRequest(head: string): HttpRequest | BadRequest {
  if (BARE_LINE_FEED.test(head)) return bad("Each line must end with CR LF");
  const [first, ...lines] = head.replace(/^\r\n/, "").split("\r\n");
  const words = first.split(" ");
  if (words.length !== 3 || !TOKEN.test(words[0])) return bad("The first line is no request");
  const [method, target, protocol] = words;
  const version = /^HTTP\/(\d)\.(\d)$/.exec(protocol);
  if (version === null) return bad("The first line is no request");
  if (version[1] !== "1") return { status: 505, reason: `Only HTTP/1.1 is spoken, not ${protocol}` };
  if (target.length > TARGET_CHARACTERS) return { status: 414, reason: "The path is too long" };
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (colon < 1 || !TOKEN.test(name) || hasControls(value)) return bad("A header is malformed");
    if (ONCE.has(name) && headers.has(name)) return bad(`There are two ${name} headers`);
    if (!headers.has(name)) headers.set(name, value);
  }
  const isOld = version[2] === "0";
  if (!isOld && !headers.has("host")) return bad("There is no Host header");
  if (headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0") {
    return { status: 413, reason: "A request has no body here" };
  }
  const [, host, rest = ""] = ABSOLUTE.exec(target) ?? [];
  const place = placeOf(host === undefined ? target : rest.startsWith("/") ? rest : `/${rest}`);
  if (place === null) return bad("The path is malformed");
  // RFC 9112, 3.2.2: the target's host is that of the request, whatever the header says.
  if (host !== undefined) headers.set("host", host);
  const connection = (headers.get("connection") ?? (isOld ? "close" : "keep-alive")).toLowerCase();
  return { method, ...place, headers, keepsAlive: !connection.split(/ *, */).includes("close") };
}

/** The parts of a target without scheme and host. */
function placeOf(target: string): Pick<HttpRequest, "path" | "query"> | null {
  if (!target.startsWith("/") || hasControls(target) || target.includes("#")) return null;
  const [path, ...query] = target.split("?");
  try {
    return { path: decodeURIComponent(path), query: new URLSearchParams(query.join("?")) };
  } catch {
    return null;
  }
}

function hasControls(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\0-\x08\x0a-\x1f\x7f]/.test(text);
}

function bad(reason: string): BadRequest {
  return { status: 400, reason };
}
