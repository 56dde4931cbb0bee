/** The options of `ior serve`, as rows. */
import { DEFAULTS } from "./defaults.ts";
import { option } from "./option.ts";
import { badValue, readText, readTime } from "./values.ts";

/** Where to listen. */
export type ListenAddress =
  | { kind: "tcp"; hostname: string; port: number }
  | { kind: "unix"; path: string };

/** Shortest time between two exports: a receiver is no live view. */
const OTLP_MIN_NS = 1e9;

/** Largest port. */
const PORT_MAX = 65535;

/** Options of the server and of exports. */
export const SERVE_OPTIONS = [
  option({
    key: "listen",
    long: "--listen",
    value: "ADDRESS",
    example: "127.0.0.1:9947",
    group: "Output",
    summary: `HOST:PORT, or unix:PATH for a socket of this user alone (default ${DEFAULTS.listen})`,
    initial: readListen(DEFAULTS.listen),
    read: readListen,
  }),
  option({
    key: "tokenFile",
    long: "--token-file",
    value: "FILE",
    example: "/etc/ior/token",
    offers: "files",
    group: "Output",
    summary: "answer only requests with the token in FILE; needed for addresses that other machines reach",
    initial: null as string | null,
    read: (text) => readText("--token-file", text),
  }),
  option({
    key: "otlp",
    long: "--otlp",
    value: "URL",
    example: "http://127.0.0.1:4318",
    group: "Output",
    summary: "also send the metrics to URL by OTLP/HTTP as JSON; headers from OTEL_EXPORTER_OTLP_HEADERS",
    initial: null as string | null,
    read: readEndpoint,
  }),
  option({
    key: "otlpIntervalNs",
    long: "--otlp-interval",
    value: "DUR",
    example: "15s",
    group: "Output",
    summary: `time between two exports (default ${DEFAULTS.otlpIntervalNs / 1e9}s)`,
    initial: DEFAULTS.otlpIntervalNs as number,
    read: (text) => readTime("--otlp-interval", text, OTLP_MIN_NS),
  }),
];

/** True for an address that only this machine reaches. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readListen(text: string): ListenAddress {
  const flag = "--listen";
  const hint =
    `For instance ${flag} ${DEFAULTS.listen}, ${flag} [::1]:9947 or ${flag} unix:/run/ior/ior.sock`;
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    if (path === "" || path.includes("\0")) throw badValue(flag, text, "the path is empty", hint);
    return { kind: "unix", path };
  }
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const hostname = bracketed ?? plain;
  const port = Number(digits);
  if (hostname === undefined || !(port <= PORT_MAX)) {
    throw badValue(flag, text, "it must be HOST:PORT or unix:PATH", hint);
  }
  if (bracketed === undefined && hostname !== "localhost" && !isIpv4(hostname)) {
    throw badValue(flag, text, "the host must be an address of this machine, or localhost", hint);
  }
  return { kind: "tcp", hostname, port };
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** The URL of the endpoint of metrics: of a URL without a path it is the one that the protocol names. */
function readEndpoint(text: string): string {
  const url = URL.parse(text);
  const hint = "For instance --otlp http://127.0.0.1:4318";
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw badValue("--otlp", text, "it must be a URL of http or https", hint);
  }
  if (url.username !== "" || url.password !== "") {
    throw badValue(
      "--otlp",
      url.origin,
      "a password in a URL is seen by everybody",
      "Use OTEL_EXPORTER_OTLP_HEADERS",
    );
  }
  if (url.pathname === "/") url.pathname = "/v1/metrics";
  return url.href;
}
