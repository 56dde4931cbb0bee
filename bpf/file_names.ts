import { IorError } from "../runtime/errors.ts";
import { FileStatus, FileType, Offset, Size } from "./wire.ts";

/** A name as text, and its bytes when they are not UTF-8. */
export interface DecodedName {
  path: string;
  raw?: Uint8Array;
}

/** Several times as fast as a strict decoder in this runtime, and its texts of ASCII have a byte for each character, not two. */
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** What stands for bytes that are not UTF-8; a name may have it as well. */
const REPLACEMENT = "\ufffd";

/** Superblock magics whose files have no path (`linux/magic.h`), and how `/proc/PID/fd` spells them. */
const SPELLINGS: Record<number, (name: string, inode: number) => string> = {
  0x50495045: (_, inode) => `pipe:[${inode}]`,
  0x534f434b: (_, inode) => `socket:[${inode}]`,
  0x09041934: (name) => `anon_inode:${name}`,
  0x50494446: () => "anon_inode:[pidfd]",
  0x6e736673: (name, inode) => `${name}:[${inode}]`,
  0x444d4142: (name) => `/${name}:`,
};

const SLASH = "/".charCodeAt(0);

/** Where a path is built: a file's name comes with each file that a program makes. */
let pathBytes = new Uint8Array(4096);

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;

/** Longest name of a unix socket (`man 7 unix`). */
const UNIX_PATH_BYTES = 108;
const IP_PROTOCOLS: Record<number, string> = {
  1: "ICMP",
  6: "TCP",
  17: "UDP",
  58: "ICMP",
  132: "SCTP",
  136: "UDPLITE",
  255: "RAW",
};
const NETLINK_PROTOCOLS: Record<number, string> = {
  0: "ROUTE",
  2: "USERSOCK",
  4: "SOCK_DIAG",
  6: "XFRM",
  7: "SELINUX",
  9: "AUDIT",
  12: "NETFILTER",
  15: "KOBJECT_UEVENT",
  16: "GENERIC",
};

/** Decodes bytes that should be UTF-8; other bytes become U+FFFD, and the raw bytes are kept as well. */
export function decodeName(bytes: Uint8Array): DecodedName {
  const path = lenient.decode(bytes);
  return !path.includes(REPLACEMENT) || isUtf8(bytes) ? { path } : { path, raw: bytes.slice() };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * The name in a file_record: an absolute path, or the kernel's notation for files without one.
 *
 * @param record The whole record.
 */
export function decodeFileRecord(record: DataView<ArrayBuffer>): DecodedName {
  const at = Offset.file_record;
  const type = record.getUint16(at.type, true);
  const status = record.getUint16(at.status, true);
  const length = record.getUint32(at.length, true);
  const data = new Uint8Array(record.buffer, record.byteOffset + Size.file_record, length);
  if (type === FileType.SOCKET) {
    if (length !== Size.socket_name) throw mismatch(`Cannot decode a socket's name: it has ${length} bytes`);
    return socketName(new DataView(data.slice().buffer), inodeOf(record));
  }
  const deleted = (status & FileStatus.DELETED) !== 0 ? " (deleted)" : "";
  if (type === FileType.NAMED) {
    const magic = record.getUint32(at.magic, true);
    const name = decodeName(data.subarray(0, Math.max(0, length - 1)));
    const spell = SPELLINGS[magic];
    // Anonymous shared memory: "/memfd:name (deleted)" (fs/libfs.c, simple_dname).
    return spell ? { path: spell(name.path, inodeOf(record)) } : withText("/", name, " (deleted)");
  }
  if (type !== FileType.PATH) throw mismatch(`Cannot decode a file's name: its type is ${type}`);
  // The path above the part that was sent is unknown: no tree this deep can be opened by one path.
  return withText((status & FileStatus.TRUNCATED) !== 0 ? "…" : "", rootFirst(data), deleted);
}

function inodeOf(record: DataView): number {
  return Number(record.getBigUint64(Offset.file_record.inode, true));
}

function withText(before: string, name: DecodedName, after: string): DecodedName {
  if (!name.raw) return { path: before + name.path + after };
  const encoder = new TextEncoder();
  const raw = [encoder.encode(before), name.raw, encoder.encode(after)];
  return { path: before + name.path + after, raw: concatenate(raw) };
}

/** All parts, one behind the other. */
export function concatenate(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Components come leaf first, each with its NUL; the path is built backwards. */
function rootFirst(components: Uint8Array): DecodedName {
  const { length } = components;
  if (length === 0) return { path: "/" };
  if (length > pathBytes.length) pathBytes = new Uint8Array(length);
  let begin = length;
  for (let start = 0; start < length;) {
    let stop = start;
    while (stop < length && components[stop] !== 0) stop++;
    begin -= stop - start;
    for (let i = start; i < stop; i++) pathBytes[begin + i - start] = components[i];
    if (begin > 0) pathBytes[--begin] = SLASH;
    start = stop + 1;
  }
  return decodeName(pathBytes.subarray(begin, length));
}

/**
 * Joins a path argument to the directory it is relative to: `.` parts, doubled and trailing slashes are removed, `..` and
 * symlinks are kept.
 */
export function joinPath(base: string, text: string): string {
  const absolute = text.startsWith("/") ? (base === "/" ? text : base + text) : base + "/" + text;
  if (!NEEDS_CLEANING.test(absolute)) return absolute;
  const parts = absolute.split("/").filter((part) => part !== "" && part !== ".");
  return (absolute.startsWith("/") ? "/" : "") + parts.join("/");
}
const NEEDS_CLEANING = /\/\/|\/\.(?:\/|$)|.\/$/;

/** A socket as `strace -yy` spells it: protocol and addresses, or the inode while it has none. */
function socketName(name: DataView<ArrayBuffer>, inode: number): DecodedName {
  return name.getUint16(Offset.socket_name.family, true) === AF_UNIX
    ? unixSocketName(name, inode)
    : { path: otherSocketName(name, inode) };
}

function unixSocketName(name: DataView<ArrayBuffer>, inode: number): DecodedName {
  const at = Offset.socket_name;
  const label = name.getUint16(at.type, true) === SOCK_STREAM ? "UNIX-STREAM" : "UNIX";
  const peer = name.getUint32(at.peer, true);
  const length = Math.min(name.getUint16(at.path_length, true), UNIX_PATH_BYTES);
  const start = `${label}:[${inode}${peer ? `->${peer}` : ""}`;
  if (length === 0) return { path: `${start}]` };
  const bytes = new Uint8Array(name.buffer, at.path, length);
  // An abstract name begins with NUL and is not terminated: all its bytes count.
  const abstract = bytes[0] === 0;
  const end = bytes.indexOf(0);
  const text = decodeName(abstract ? bytes.subarray(1) : end < 0 ? bytes : bytes.subarray(0, end));
  return withText(`${start},${abstract ? "@" : ""}"`, text, '"]');
}

function otherSocketName(name: DataView, inode: number): string {
  const at = Offset.socket_name;
  const family = name.getUint16(at.family, true);
  const type = name.getUint16(at.type, true);
  const protocol = name.getUint16(at.protocol, true);
  if (family === AF_INET || family === AF_INET6) {
    const raw = type === SOCK_RAW;
    const label = (raw ? "RAW" : IP_PROTOCOLS[protocol] ?? `IP-${protocol}`) +
      (family === AF_INET6 ? "v6" : "");
    if (raw) return `${label}:[${inode}]`; // its port is its protocol
    const localPort = name.getUint16(at.local_port, true);
    const peerPort = name.getUint16(at.peer_port, true);
    // A datagram socket may be connected to port 0; a refused stream keeps the address it asked for.
    const hasPeer = peerPort !== 0 || (type === SOCK_DGRAM && hasAddress(name, at.peer));
    if (localPort === 0 && !hasPeer) return `${label}:[${inode}]`;
    const local = `${ipAddress(name, at.local, family)}:${localPort}`;
    if (!hasPeer) return `${label}:[${local}]`;
    return `${label}:[${local}->${ipAddress(name, at.peer, family)}:${peerPort}]`;
  }
  if (family === AF_NETLINK) {
    const port = name.getUint32(at.local, true);
    return port === 0 ? `NETLINK:[${inode}]` : `NETLINK:[${NETLINK_PROTOCOLS[protocol] ?? protocol}:${port}]`;
  }
  return `socket:[${inode}]`;
}

function hasAddress(name: DataView, at: number): boolean {
  return [0, 4, 8, 12].some((word) => name.getUint32(at + word, true) !== 0);
}

function ipAddress(name: DataView, at: number, family: number): string {
  if (family === AF_INET) {
    return [0, 1, 2, 3].map((i) => name.getUint8(at + i)).join(".");
  }
  const groups = Array.from({ length: 8 }, (_, i) => name.getUint16(at + 2 * i));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `[::ffff:${[12, 13, 14, 15].map((i) => name.getUint8(at + i)).join(".")}]`;
  }
  // RFC 5952: the longest run of at least two zero groups becomes "::".
  let [start, run] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > run) [start, run] = [i, end - i];
    if (end > i) i = end;
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  return start < 0
    ? `[${hex(groups)}]`
    : `[${hex(groups.slice(0, start))}::${hex(groups.slice(start + run))}]`;
}

/** The error of a record that cannot be decoded: the kernel object that was loaded is another version's. */
export function mismatch(message: string): IorError {
  return new IorError("unsupported", `${message}; the kernel object and ior differ`, {
    reason: "object_differs",
  });
}
