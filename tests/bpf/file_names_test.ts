import assert from "node:assert/strict";
import { type DecodedName, decodeFileRecord, decodeName, joinPath } from "../../bpf/file_names.ts";
import { FileStatus, FileType } from "../../bpf/wire.ts";
import {
  type FileFields,
  fileRecord,
  leafFirst,
  pathRecord,
  type SocketFields,
  socketName,
} from "./records.ts";

const PIPEFS = 0x50495045;
const SOCKFS = 0x534f434b;
const ANON_INODE = 0x09041934;
const PIDFS = 0x50494446;
const NSFS = 0x6e736673;
const DMABUF = 0x444d4142;
const TMPFS = 0x01021994;

const UNIX = 1;
const INET = 2;
const INET6 = 10;
const NETLINK = 16;
const TCP = 6;
const UDP = 17;

const encoder = new TextEncoder();

function nameOf(fields: FileFields, data: Uint8Array): DecodedName {
  return decodeFileRecord(new DataView(fileRecord(fields, data).buffer));
}

function socket(fields: SocketFields, inode = 77n): string {
  return nameOf({ type: FileType.SOCKET, magic: SOCKFS, inode }, socketName(fields)).path;
}

Deno.test("a path is built from its components, which come leaf first", () => {
  const cases: [components: string[], path: string][] = [
    [["c", "b", "a"], "/a/b/c"],
    [["only"], "/only"],
    [[], "/"],
    [["ü ñ", "x y"], "/x y/ü ñ"],
    [["f".repeat(255), "d".repeat(255)], `/${"d".repeat(255)}/${"f".repeat(255)}`],
  ];
  for (const [components, path] of cases) assert.deepEqual(nameOf({}, leafFirst(...components)), { path });
});

Deno.test("a path of thousands of bytes is whole", () => {
  const components = Array.from({ length: 1000 }, (_, i) => `d${i}`);
  assert.equal(nameOf({}, leafFirst(...components)).path, "/" + components.toReversed().join("/"));
});

Deno.test("a file without a name any more is marked as deleted", () => {
  const record = pathRecord(1, "/tmp/x", FileStatus.DELETED);
  assert.deepEqual(decodeFileRecord(new DataView(record.buffer)), { path: "/tmp/x (deleted)" });
});

Deno.test("a name that is not UTF-8 keeps its bytes, the mark of deletion among them", () => {
  const data = leafFirst(Uint8Array.of(0x61, 0xff), "tmp");
  assert.deepEqual(nameOf({ status: FileStatus.DELETED }, data), {
    path: "/tmp/a\ufffd (deleted)",
    raw: Uint8Array.of(...encoder.encode("/tmp/a"), 0xff, ...encoder.encode(" (deleted)")),
  });
});

Deno.test("a name that is UTF-8 has no bytes beside, whatever its characters", () => {
  for (const text of ["\ufeffbom", "\u202e", "a\nb", "\ufffd", "\u{1f600}", ""]) {
    assert.deepEqual(decodeName(encoder.encode(text)), { path: text });
  }
});

Deno.test("kept bytes are a copy: the ring is overwritten later", () => {
  const bytes = Uint8Array.of(0xff, 0x61);
  const name = decodeName(bytes);
  bytes.fill(0);
  assert.deepEqual(name.raw, Uint8Array.of(0xff, 0x61));
});

Deno.test("what never had a name is spelled as /proc/PID/fd spells it", () => {
  const cases: [magic: number, name: string, path: string][] = [
    [PIPEFS, "", "pipe:[77]"],
    [SOCKFS, "TCP", "socket:[77]"],
    [ANON_INODE, "[eventfd]", "anon_inode:[eventfd]"],
    [ANON_INODE, "bpf-map", "anon_inode:bpf-map"],
    [PIDFS, "anon_inode:[pidfd]", "anon_inode:[pidfd]"],
    [NSFS, "mnt", "mnt:[77]"],
    [TMPFS, "memfd:shared", "/memfd:shared (deleted)"],
    [TMPFS, "SYSV00000000", "/SYSV00000000 (deleted)"],
    // "/dmabuf:" and the name that was given to it, which is not known here.
    [DMABUF, "dmabuf", "/dmabuf:"],
  ];
  for (const [magic, name, path] of cases) {
    const fields = { type: FileType.NAMED, magic, inode: 77n };
    assert.deepEqual(nameOf(fields, leafFirst(name)), { path }, path);
  }
});

Deno.test("a pseudo file whose name could not be read is still a row's file", () => {
  const fields = { type: FileType.NAMED, magic: PIPEFS, inode: 5n };
  assert.equal(nameOf(fields, new Uint8Array(0)).path, "pipe:[5]");
});

Deno.test("the name of a memfd that is not UTF-8 keeps its bytes", () => {
  const data = leafFirst(Uint8Array.of(...encoder.encode("memfd:"), 0xfe));
  assert.deepEqual(nameOf({ type: FileType.NAMED, magic: TMPFS }, data), {
    path: "/memfd:\ufffd (deleted)",
    raw: Uint8Array.of(...encoder.encode("/memfd:"), 0xfe, ...encoder.encode(" (deleted)")),
  });
});

Deno.test("a socket of the internet is spelled with its addresses", () => {
  const home = [127, 0, 0, 1];
  const away = [10, 20, 30, 255];
  const both = { localPort: 41000, peerPort: 443, local: home, peer: away };
  const cases: [SocketFields, string][] = [
    [{ family: INET, protocol: TCP, ...both }, "TCP:[127.0.0.1:41000->10.20.30.255:443]"],
    [{ family: INET, protocol: TCP, localPort: 80, local: home }, "TCP:[127.0.0.1:80]"],
    [{ family: INET, protocol: TCP, localPort: 80 }, "TCP:[0.0.0.0:80]"],
    [{ family: INET, protocol: TCP }, "TCP:[77]"],
    [{ family: INET, type: 2, protocol: UDP, ...both }, "UDP:[127.0.0.1:41000->10.20.30.255:443]"],
    [{ family: INET, type: 2, protocol: 1, localPort: 1, local: home }, "ICMP:[127.0.0.1:1]"],
    [{ family: INET, type: 3, protocol: 1, localPort: 1, local: home }, "RAW:[77]"], // its port is its protocol
    [{ family: INET6, type: 3, protocol: 58, localPort: 58 }, "RAWv6:[77]"],
    [{ family: INET, protocol: 132, localPort: 9 }, "SCTP:[0.0.0.0:9]"],
    [{ family: INET, protocol: 136, localPort: 9 }, "UDPLITE:[0.0.0.0:9]"],
    [{ family: INET, protocol: 262, localPort: 9 }, "IP-262:[0.0.0.0:9]"],
    [{ family: INET6, type: 2, protocol: UDP }, "UDPv6:[77]"],
    [
      { family: INET6, protocol: TCP, localPort: 1, peerPort: 2, local: ipv6("::1"), peer: ipv6("fe80::a") },
      "TCPv6:[[::1]:1->[fe80::a]:2]",
    ],
  ];
  for (const [fields, text] of cases) assert.equal(socket(fields), text);
});

/** Bytes of an address that has every group, or one run left out. */
function ipv6(text: string): number[] {
  const [head, tail] = text.split("::").map((half) => half === "" ? [] : half.split(":"));
  const groups = tail === undefined
    ? head
    : [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail];
  return groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]);
}

Deno.test("an address of IPv6 is spelled as RFC 5952 asks", () => {
  const cases: [full: string, spelled: string][] = [
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:0db8:0000:0001:0001:0001:0001:0001", "2001:db8:0:1:1:1:1:1"], // one group is not shortened
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"], // the longest run
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], // the first of two as long
    ["0:0:0:0:0:0:0:0", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["1:0:0:0:0:0:0:0", "1::"],
    ["0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"],
    ["1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"],
    ["ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"],
    ["0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1"],
    ["0:0:0:0:0:ffff:c000:0280", "::ffff:192.0.2.128"],
    ["0:0:0:0:1:ffff:c000:0280", "::1:ffff:c000:280"],
  ];
  for (const [full, spelled] of cases) {
    const fields = { family: INET6, protocol: TCP, localPort: 8, local: ipv6(full) };
    assert.equal(socket(fields), `TCPv6:[[${spelled}]:8]`, full);
  }
});

Deno.test("a unix socket is spelled with its peer and its name", () => {
  const peer = [0x39, 0x30, 0, 0];
  const cases: [SocketFields, string][] = [
    [{ family: UNIX }, "UNIX-STREAM:[77]"],
    [{ family: UNIX, peer }, "UNIX-STREAM:[77->12345]"],
    [{ family: UNIX, type: 2, path: "/run/log\0" }, 'UNIX:[77,"/run/log"]'],
    [{ family: UNIX, type: 5, path: "/run/log", peer }, 'UNIX:[77->12345,"/run/log"]'],
    [{ family: UNIX, path: "\0bus" }, 'UNIX-STREAM:[77,@"bus"]'],
    [{ family: UNIX, path: "\0a\0b" }, 'UNIX-STREAM:[77,@"a\0b"]'],
    [{ family: UNIX, path: "/" + "p".repeat(107) }, `UNIX-STREAM:[77,"/${"p".repeat(107)}"]`],
    [{ family: UNIX, type: 9 }, "UNIX:[77]"],
  ];
  for (const [fields, text] of cases) assert.equal(socket(fields), text);
});

Deno.test("a unix socket whose name is not UTF-8 keeps its bytes", () => {
  const data = socketName({ family: UNIX, path: Uint8Array.of(0x2f, 0xff, 0) });
  assert.deepEqual(nameOf({ type: FileType.SOCKET, magic: SOCKFS, inode: 77n }, data), {
    path: 'UNIX-STREAM:[77,"/\ufffd"]',
    raw: Uint8Array.of(...encoder.encode('UNIX-STREAM:[77,"/'), 0xff, ...encoder.encode('"]')),
  });
});

Deno.test("a netlink socket is spelled with its protocol and port once it has one, others by their inode", () => {
  const local = [0x39, 0x30, 0, 0];
  assert.equal(socket({ family: NETLINK, protocol: 0, local }), "NETLINK:[ROUTE:12345]");
  assert.equal(socket({ family: NETLINK, protocol: 15, local }), "NETLINK:[KOBJECT_UEVENT:12345]");
  assert.equal(socket({ family: NETLINK, protocol: 31, local }), "NETLINK:[31:12345]");
  assert.equal(socket({ family: NETLINK, protocol: 0 }), "NETLINK:[77]");
  assert.equal(socket({ family: 17, protocol: 3 }, 2n ** 40n), `socket:[${2 ** 40}]`);
});

Deno.test("a path whose upper part was not sent says so", () => {
  const name = nameOf({ status: FileStatus.TRUNCATED | FileStatus.DELETED }, leafFirst("b", "a"));
  assert.deepEqual(name, { path: "…/a/b (deleted)" });
});

Deno.test("a path argument joins its directory, and is cleaned of what means nothing", () => {
  const cases: [base: string, text: string, path: string][] = [
    ["/a", "b", "/a/b"],
    ["/a", "b/c", "/a/b/c"],
    ["/", "b", "/b"],
    ["/", "/b", "/b"],
    ["/", "/", "/"],
    ["/", ".", "/"],
    ["/", "", "/"],
    ["/a", "", "/a"],
    ["/a", ".", "/a"],
    ["/a", "./", "/a"],
    ["/a", "./b", "/a/b"],
    ["/a", "b/.", "/a/b"],
    ["/a", "b/./c", "/a/b/c"],
    ["/a", "b//c", "/a/b/c"],
    ["/a", "b///", "/a/b"],
    ["/", "//b", "/b"],
    ["/", "/././.", "/"],
    ["/a", "..", "/a/.."],
    ["/a", "../b/..", "/a/../b/.."],
    ["/a", "...", "/a/..."],
    ["/a", ".b", "/a/.b"],
    ["/a", "b.", "/a/b."],
    ["/a", "b./c", "/a/b./c"],
    ["/a", ".b/..c/d..", "/a/.b/..c/d.."],
    ["/a", " ", "/a/ "],
    ["/jail", "/etc", "/jail/etc"],
    ["/jail", "/", "/jail"],
    ["…/deep", "b", "…/deep/b"], // a directory too deep to be named whole
    ["…/deep", "./b/", "…/deep/b"],
  ];
  for (const [base, text, path] of cases) assert.equal(joinPath(base, text), path, `${base} + ${text}`);
});
