/**
 * Whether a call's time is spent on a file or waiting for somebody else. A pipe, a socket, a terminal or an event
 * descriptor has nothing to read until another process, machine or person acts, so time in calls on one is not I/O.
 * The text of the path decides, so that a recording and a running trace agree.
 */

/** Kinds of waiting. `call` is a call that waits by itself (`poll`, `futex`, `mq_timedreceive`), on nothing that is one of the others. */
export const WAITING_KINDS = ["pipe", "socket", "terminal", "event", "call"] as const;

/** One of {@linkcode WAITING_KINDS}. */
export type WaitingKind = typeof WAITING_KINDS[number];

/** Something that is waited for. */
export interface Waiting {
  kind: WaitingKind;
  /**
   * Name of its row in a table: the peer of a socket without the port of the client, the terminal, the kind of event,
   * the system call. All pipes share one row.
   */
  name: string;
}

/** Anonymous inodes that a program reads or polls for events; all others (`bpf-map`, `kvm-vm`) count as files. */
const EVENTS =
  /^anon_inode:\[?(eventpoll|eventfd|timerfd|signalfd|inotify|fanotify|io_uring|userfaultfd|pidfd)\]?$/;

/** Devices whose reader waits for an event and not for a disk. */
const EVENT_DEVICE = /^(?:\/dev\/(?:fuse|cuse|kmsg|net\/tun|input\/.+)|\/proc\/kmsg)$/;

/** Consoles, serial lines and pseudo-terminals (Documentation/admin-guide/devices.txt of the kernel). */
const TERMINAL = /^\/dev\/(?:pts\/(?:\d+|ptmx)|ptmx|tty|tty[A-Za-z]*\d+|console|hvc\d+|vcsa?\d*)$/;

/** Sockets as rows spell them: `TCP:[a->b]`, `UNIX-STREAM:[…]`, `NETLINK:[…]`, `socket:[N]`. */
const SOCKET =
  /^(socket|NETLINK|UNIX|UNIX-STREAM|(?:TCP|UDP|UDPLITE|SCTP|ICMP|RAW|IP-\d{1,3})(?:v6)?):\[(.*)\]$/s;

/** What calls on a file of this path wait for; `null` for files, directories, disks and other devices. */
export function waitingOf(path: string): Waiting | null {
  if (path.startsWith("/")) {
    if (!path.startsWith("/dev/") && path !== "/proc/kmsg") return null;
    if (path.startsWith("/dev/shm/")) return null; // files
    if (TERMINAL.test(path)) return { kind: "terminal", name: path };
    return EVENT_DEVICE.test(path) ? { kind: "event", name: path } : null;
  }
  if (path.startsWith("pipe:[")) return { kind: "pipe", name: "pipes" };
  const event = EVENTS.exec(path);
  if (event !== null) return { kind: "event", name: event[1] };
  if (path.startsWith("pidfd:[")) return { kind: "event", name: "pidfd" };
  const socket = SOCKET.exec(path);
  return socket === null ? null : { kind: "socket", name: peerOf(socket[1], socket[2]) };
}

/** What a call without a descriptor waits for, by its name. */
export function waitingCall(syscall: string): Waiting {
  return { kind: "call", name: syscall };
}

/** First port that Linux gives to a client (net.ipv4.ip_local_port_range in Documentation/networking/ip-sysctl.rst). */
const CLIENT_PORT_FIRST = 32_768;

/**
 * The other end, without what differs between connections to one peer: an inode number, the port of the client. The
 * end of a server names its own address too.
 */
function peerOf(protocol: string, inner: string): string {
  if (protocol.startsWith("UNIX")) {
    // An inode number, that of the peer if any, and a name in quotes if any.
    const name = /,(@?)"(.*)"$/s.exec(inner);
    return name === null ? protocol : `${protocol} ${name[1]}${name[2]}`;
  }
  if (protocol === "socket" || protocol === "NETLINK") return protocol;
  const arrow = inner.lastIndexOf("->");
  const remote = arrow < 0 ? "" : inner.slice(arrow + 2);
  if (remote === "") return /^\d*$/.test(inner) ? protocol : `${protocol} listening on ${inner}`;
  const local = inner.slice(0, arrow);
  const isServer = portOf(remote) >= CLIENT_PORT_FIRST && portOf(local) < CLIENT_PORT_FIRST;
  return isServer
    ? `${protocol} ${local} from ${remote.slice(0, remote.lastIndexOf(":"))}`
    : `${protocol} ${remote}`;
}

/** The port of an address; `NaN` for protocols without one. */
function portOf(address: string): number {
  return Number(/:(\d+)$/.exec(address)?.[1]);
}
