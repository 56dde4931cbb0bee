import assert from "node:assert/strict";
import { waitingOf } from "../../runtime/waiting.ts";

/** Paths as rows spell them, and what is waited for; `null` for files. */
const PATHS: Record<string, string | null> = {
  "/etc/passwd": null,
  "/": null,
  "/dev/null": null,
  "/dev/zero": null,
  "/dev/urandom": null,
  "/dev/sda1": null,
  "/dev/nvme0n1p2": null,
  "/dev/shm/pipe:[1]": null,
  "/dev/ttyfiles/a": null,
  "/memfd:x (deleted)": null,
  "anon_inode:bpf-map": null,
  "anon_inode:kvm-vm": null,
  "net:[4026531840]": null,
  "relative/path": null,
  "": null,
  "pipe:[81723]": "pipe pipes",
  "/dev/tty": "terminal /dev/tty",
  "/dev/tty1": "terminal /dev/tty1",
  "/dev/ttyS0": "terminal /dev/ttyS0",
  "/dev/pts/12": "terminal /dev/pts/12",
  "/dev/ptmx": "terminal /dev/ptmx",
  "/dev/console": "terminal /dev/console",
  "anon_inode:[eventpoll]": "event eventpoll",
  "anon_inode:[eventfd]": "event eventfd",
  "anon_inode:[timerfd]": "event timerfd",
  "anon_inode:inotify": "event inotify",
  "anon_inode:[pidfd]": "event pidfd",
  "anon_inode:[io_uring]": "event io_uring",
  "/dev/fuse": "event /dev/fuse",
  "/dev/input/event3": "event /dev/input/event3",
  "/proc/kmsg": "event /proc/kmsg",
  "socket:[81]": "socket socket",
  "TCP:[127.0.0.1:40112->127.0.0.1:5432]": "socket TCP 127.0.0.1:5432",
  "TCP:[127.0.0.1:40113->127.0.0.1:5432]": "socket TCP 127.0.0.1:5432",
  "TCPv6:[[::1]:40112->[2001:db8::7]:443]": "socket TCPv6 [2001:db8::7]:443",
  "TCP:[10.0.0.1:80->10.0.0.2:40112]": "socket TCP 10.0.0.1:80 from 10.0.0.2",
  "TCP:[10.0.0.1:80->10.0.0.2:40113]": "socket TCP 10.0.0.1:80 from 10.0.0.2",
  "TCPv6:[[::1]:8080->[2001:db8::7]:51000]": "socket TCPv6 [::1]:8080 from [2001:db8::7]",
  "TCP:[10.0.0.1:40000->10.0.0.2:50000]": "socket TCP 10.0.0.2:50000",
  "TCP:[10.0.0.1:22->10.0.0.2:873]": "socket TCP 10.0.0.2:873",
  "RAW:[10.0.0.1->10.0.0.2]": "socket RAW 10.0.0.2",
  "TCP:[0.0.0.0:80]": "socket TCP listening on 0.0.0.0:80",
  "TCP:[4711]": "socket TCP",
  "UDP:[10.0.0.1:40000->10.0.0.2:53]": "socket UDP 10.0.0.2:53",
  "UNIX-STREAM:[81->82]": "socket UNIX-STREAM",
  'UNIX-STREAM:[81->82,"/run/postgresql/.s.PGSQL.5432"]': "socket UNIX-STREAM /run/postgresql/.s.PGSQL.5432",
  'UNIX-STREAM:[81,"/run/dbus/system_bus_socket"]': "socket UNIX-STREAM /run/dbus/system_bus_socket",
  'UNIX:[81,@"abstract name"]': "socket UNIX @abstract name",
  "NETLINK:[ROUTE:4711]": "socket NETLINK",
};

for (const [path, wanted] of Object.entries(PATHS)) {
  Deno.test(`What calls on ${path || "an empty path"} are for: ${wanted ?? "a file"}`, () => {
    const waiting = waitingOf(path);
    assert.equal(waiting && `${waiting.kind} ${waiting.name}`, wanted);
  });
}
