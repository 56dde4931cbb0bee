/** Profiles for the tests of the HTML page: written as stacks, and at random from a seed. */
import { type FlameProfile, TRIE_METRICS, type TrieField, type TrieMetric } from "../../../runtime/flame.ts";

/** One stack: its frames as field and name, and its own values. */
export interface Stack {
  frames: [TrieField, string][];
  values: Partial<Record<TrieMetric, number>>;
}

/** Stacks as one profile, its frames in the order in which they are first met. */
export function profileOfStacks(fields: TrieField[], stacks: readonly Stack[]): FlameProfile {
  const names = [""];
  const nameIds = new Map([["", 0]]);
  const nodes = [{ parent: 0, field: 0, name: 0, values: {} as Partial<Record<TrieMetric, number>> }];
  const nodeIds = new Map<string, number>();
  for (const { frames, values } of stacks) {
    let at = 0;
    for (const [field, text] of frames) {
      let name = nameIds.get(text);
      if (name === undefined) {
        nameIds.set(text, name = names.length);
        names.push(text);
      }
      const key = `${at} ${field} ${name}`;
      let node = nodeIds.get(key);
      if (node === undefined) {
        nodeIds.set(key, node = nodes.length);
        nodes.push({ parent: at, field: fields.indexOf(field), name, values: {} });
      }
      at = node;
    }
    const sums = nodes[at].values;
    for (const metric of TRIE_METRICS) sums[metric] = (sums[metric] ?? 0) + (values[metric] ?? 0);
  }
  return {
    fields,
    length: nodes.length,
    parent: Int32Array.from(nodes, ({ parent }) => parent),
    field: Uint8Array.from(nodes, ({ field }) => field),
    name: Int32Array.from(nodes, ({ name }) => name),
    names,
    own: Object.fromEntries(
      TRIE_METRICS.map((metric) => [metric, Float64Array.from(nodes, ({ values }) => values[metric] ?? 0)]),
    ) as Record<TrieMetric, Float64Array>,
  };
}

/** A path as frames: the first part of an absolute one has its slash. */
export function pathFrames(path: string): [TrieField, string][] {
  const parts = path.split("/").slice(1);
  return parts.map((part, i) => ["path", i === 0 ? `/${part}` : part]);
}

/** Names that would do harm where they are taken for markup, script or terminal output. */
export const HOSTILE_NAMES = [
  "</script><script>globalThis.__pwned = 1</script>",
  "</script><img src=x onerror=globalThis.__pwned=1>",
  "<!--<script>",
  "]]>",
  "a;b c\n\r\t",
  `"&<>'`,
  "\u2028\u2029\u0000\u001b[31m",
  "\u202egnp.exe",
  "😀 שלום",
  "\ud800",
  "\ufffd",
  "{{ data }} $& $1",
  "constructor",
  "__proto__",
  "",
];

const PATHS = [
  "/usr/lib/x86_64-linux-gnu/libc.so.6",
  "/usr/lib/x86_64-linux-gnu/libssl.so.3",
  "/usr/share/locale/en/LC_MESSAGES/make.mo",
  "/var/lib/postgresql/15/main/base/16384/2619",
  "/var/lib/postgresql/15/main/base/16384/1259",
  "/var/lib/postgresql/15/main/pg_wal/000000010000000000000042",
  "/var/log/nginx/access.log",
  "/var/log/syslog",
  "/etc/passwd",
  "/etc/nsswitch.conf",
  "/home/ada/projects/engine/src/parser/tokens.c",
  "/home/ada/projects/engine/src/parser/grammar.c",
  "/home/ada/projects/engine/build/obj/parser.o",
  "/home/ada/projects/engine/build/obj/main.o",
  "/proc/self/status",
  "/dev/null",
  "/tmp/cc3kQx1B.s",
];
const COMMS = ["postgres", "nginx", "cc1", "make", "ld", "bash", "systemd-journal"];
const SYSCALLS = ["read", "write", "openat", "close", "newfstatat", "pread64", "pwrite64", "fdatasync"];

/** A profile that looks like a machine at work: `path,comm,syscall,flags`, the same for the same `random`. */
export function busyProfile(random: () => number, paths = PATHS): FlameProfile {
  const stacks: Stack[] = [];
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() ** 1.7 * from.length)];
  for (const path of paths) {
    for (let i = 0; i < 14; i++) {
      const count = 1 + Math.floor(400 * random() ** 4);
      const flags = random() < 0.08 ? "failed" : "ok";
      stacks.push({
        frames: [...pathFrames(path), ["comm", pick(COMMS)], ["syscall", pick(SYSCALLS)], ["flags", flags]],
        values: {
          count,
          duration: Math.floor(count * 90_000 * random() ** 3),
          gap: Math.floor(count * 500_000 * random() ** 3),
          bytes: flags === "ok" ? Math.floor(count * 16_384 * random()) : 0,
        },
      });
    }
  }
  return profileOfStacks(["path", "comm", "syscall", "flags"], stacks);
}

/** A profile of exactly `length` nodes, most of them in wide families below a few levels. */
export function largeProfile(length: number, random: () => number): FlameProfile {
  const own = Object.fromEntries(
    TRIE_METRICS.map((metric) => [metric, new Float64Array(length)]),
  ) as Record<TrieMetric, Float64Array>;
  const parent = new Int32Array(length);
  const depth = new Uint8Array(length);
  const name = new Int32Array(length);
  for (let node = 1; node < length; node++) {
    do parent[node] = Math.floor(node * random()); while (depth[parent[node]] > 40);
    depth[node] = depth[parent[node]] + 1;
    name[node] = node;
    for (const metric of TRIE_METRICS) own[metric][node] = 1 + Math.floor(1000 * random() ** 3);
  }
  const names = Array.from({ length }, (_, i) => i === 0 ? "" : `part-${i.toString(36)}`);
  return { fields: ["path"], length, parent, field: new Uint8Array(length), name, names, own };
}
