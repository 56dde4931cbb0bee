/**
 * What a call's time is spent on: a file, or waiting for somebody else. A pipe, a socket, a terminal or an event
 * descriptor gives nothing until another process, machine or person does, so time in calls on one is no I/O. The
 * text of a path tells which, so that a recording gives the same answer as a running trace.
 */

/** Kinds of what is waited for. `call` is a call that waits by itself (`poll`, `futex`, `wait4`) and has no descriptor. */
export const WAITING_KINDS = ["pipe", "socket", "terminal", "event", "call"] as const;

/** One of {@linkcode WAITING_KINDS}. */
export type WaitingKind = typeof WAITING_KINDS[number];

/** Something that is waited for. */
export interface Waiting {
  kind: WaitingKind;
  /**
   * What is one row in a table: the peer of a socket without its own port, the terminal, the kind of event, the
   * system call. All pipes are one row.
   */
  name: string;
}

/** Anonymous inodes that a program reads or polls to hear of something; all others (`bpf-map`, `kvm-vm`) are files. */
const EVENTS =
  /^anon_inode:\[?(eventpoll|eventfd|timerfd|signalfd|inotify|fanotify|io_uring|userfaultfd|pidfd)\]?$/;

/** Devices whose reader waits for an event and not for a disk. */
const EVENT_DEVICE = /^(?:\/dev\/(?:fuse|cuse|kmsg|net\/tun|input\/.+)|\/proc\/kmsg)$/;

/** Consoles, serial lines and pseudo-terminals (Documentation/admin-guide/devices.txt of the kernel). */
const TERMINAL = /^\/dev\/(?:pts\/(?:\d+|ptmx)|ptmx|tty|tty[A-Za-z]*\d+|console|hvc\d+|vcsa?\d*)$/;

/** Sockets as rows spell them: `TCP:[a->b]`, `UNIX-STREAM:[…]`, `NETLINK:[…]`, `socket:[N]`. */
const SOCKET =
  /^(socket|NETLINK|UNIX|UNIX-STREAM|(?:TCP|UDP|UDPLITE|SCTP|ICMP|RAW|IP-\d{1,3})(?:v6)?):\[(.*)\]$/s;

/** What calls on a file of this path wait for; `null` for what is a file, a directory, a disk or another device. */
export function waitingOf(path: string): Waiting | null {
  if (path.startsWith("/")) {
    if (!path.startsWith("/dev/") && path !== "/proc/kmsg") return null;
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

/** The other end: without the own address, and without the inode number that tells connections of one peer apart. */
function peerOf(protocol: string, inner: string): string {
  if (protocol.startsWith("UNIX")) {
    // An inode number, the peer's when there is one, and a name in quotes when there is one.
    const name = /,(@?)"(.*)"$/s.exec(inner);
    return name === null ? protocol : `${protocol} ${name[1]}${name[2]}`;
  }
  if (protocol === "socket" || protocol === "NETLINK") return protocol;
  const arrow = inner.lastIndexOf("->");
  const remote = arrow < 0 ? "" : inner.slice(arrow + 2);
  if (remote === "") return /^\d*$/.test(inner) ? protocol : `${protocol} listening on ${inner}`;
  return `${protocol} ${remote}`;
}
