/** Flamegraphs for tests: written as lists of stacks, and at random from a seed. */
import { emptyValues, ProfileBuilder, ROOT } from "../../../cli/flame/profile_builder.ts";
import { type FlameProfile, TRIE_METRICS, type TrieField, type TrieMetric } from "../../../runtime/flame.ts";

/** A frame: the field it is of and its name. */
export type Frame = readonly [field: TrieField, name: string];

/** A stack and its own values; what is left out is 0. */
export type Stack = readonly [frames: readonly Frame[], values: Partial<Record<TrieMetric, number>>];

/** The flamegraph of these stacks. */
export function profileOf(fields: readonly TrieField[], stacks: readonly Stack[]): FlameProfile {
  const builder = new ProfileBuilder(fields);
  const nodes = stacks.map(([frames]) =>
    frames.reduce((parent, [field, name]) => builder.node(parent, fields.indexOf(field), name), ROOT)
  );
  const shape = builder.shape();
  const own = emptyValues(shape.length);
  for (const [i, [, values]] of stacks.entries()) {
    for (const metric of TRIE_METRICS) own[metric][nodes[i]] += values[metric] ?? 0;
  }
  return { ...shape, own };
}

/** Frames of a call: its command, its name, and the parts of its path. */
export function callFrames(comm: string, syscall: string, ...parts: string[]): Frame[] {
  return [["comm", comm], ["syscall", syscall], ...parts.map((part) => ["path", part] as const)];
}

/** A copy of a file, as `ior flame --fields comm,syscall,path` has it. */
export function exampleProfile(): FlameProfile {
  return profileOf(["comm", "syscall", "path"], [
    [callFrames("dd", "read", "/dev", "zero"), {
      count: 4096,
      duration: 1_310_720_000,
      bytes: 4_294_967_296,
    }],
    [callFrames("dd", "write", "/var", "tmp", "out.img"), {
      count: 4096,
      duration: 5_242_880_123,
      gap: 40_960_000,
      bytes: 4_294_967_296,
    }],
    [callFrames("dd", "fsync", "/var", "tmp", "out.img"), { count: 1, duration: 812_345_678, gap: 2_000 }],
    [callFrames("dd", "close"), { count: 3, duration: 900, gap: 1_500 }],
    [callFrames("dd", "openat", "/etc", "ld.so.cache"), { count: 1, duration: 9_800, gap: 300 }],
    [callFrames("dd", "openat", "/usr", "lib", "locale"), { count: 2, duration: 15_200, gap: 700 }],
    [callFrames("systemd-journal", "fsync", "/var", "log", "journal", "system.journal"), {
      count: 12,
      duration: 96_000_000,
      gap: 3_000_000_000,
    }],
    [callFrames("systemd-journal", "write"), { count: 12, duration: 240_000, bytes: 18_432 }],
  ]);
}

/** The same copy after a change: larger blocks, no fsync, one new call. */
export function changedProfile(): FlameProfile {
  return profileOf(["comm", "syscall", "path"], [
    [callFrames("dd", "read", "/dev", "zero"), { count: 64, duration: 1_310_720_000, bytes: 4_294_967_296 }],
    [callFrames("dd", "write", "/var", "tmp", "out.img"), {
      count: 64,
      duration: 3_000_000_000,
      gap: 640_000,
      bytes: 4_294_967_296,
    }],
    [callFrames("dd", "fadvise64", "/var", "tmp", "out.img"), { count: 1, duration: 700_000_000 }],
    [callFrames("dd", "close"), { count: 3, duration: 900, gap: 1_500 }],
  ]);
}

/** Names that somebody chose to break a file, a page or a terminal. */
export const HOSTILE_NAMES: readonly string[] = [
  "a;b c\n",
  "</script><img src=x onerror=alert(1)>",
  `"&<>'`,
  "]]><!--",
  "\x1b[31mred\x07",
  "\x00\x01\x08\x0b\x1f\x7f\x85",
  "tab\tcr\r",
  "emoji 🔥 👩‍💻",
  "\u202egnp.exe",
  "עברית العربية",
  "\ufffd\ufffe\uffff",
  "\ud800 lone",
  "\udfff",
  "漢字かな",
  "e\u0301 \u0301lead",
  "\u2028\u2029\u00a0\u3000 ",
  "\\x3b \\u{41} \\",
  "\\(none)",
  "\\(empty)",
  "",
  " ",
  "12 34",
  "%s%n $1 ${x} {{title}}",
  "-",
  "__proto__",
  "n".repeat(300),
];

/** A flamegraph with every hostile name at every depth. */
export function hostileProfile(): FlameProfile {
  return profileOf(
    ["comm", "path"],
    HOSTILE_NAMES.flatMap((name, i): Stack[] => [
      [[["comm", name], ["path", name]], { count: i + 1, duration: 1_000 * (i + 1), bytes: 7 }],
      [[["comm", "plain"], ["path", name]], { count: 2, gap: 5 }],
    ]).concat([[[], { count: 3, duration: 70 }]]),
  );
}

/** A flamegraph of `stacks` stacks at random, of few names so that they meet; some of them hostile. */
export function randomProfile(next: () => number, stacks: number): FlameProfile {
  const fields: readonly TrieField[] = ["path", "comm", "syscall"];
  const int = (below: number) => Math.floor(next() * below);
  const names = [...HOSTILE_NAMES, "a", "b", "a-b", "read"];
  const name = () => names[int(names.length)];
  return profileOf(
    fields,
    Array.from({ length: stacks }, (): Stack => {
      const frames: Frame[] = Array.from({ length: int(5) }, () => ["path", name()] as const);
      if (next() < 0.8) frames.push(["comm", name()], ["syscall", name()]);
      return [frames, {
        count: int(4),
        duration: int(3) * int(2 ** 40),
        gap: int(2) * int(1000),
        bytes: int(2) * int(2 ** 30),
      }];
    }),
  );
}

/** All stacks of a flamegraph that have a value, with their names: what a file that is read back must have the same. */
export function stacksOf(profile: FlameProfile, metric: TrieMetric): Record<string, number> {
  const keys: string[][] = [];
  const sums = new Map<string, number>();
  for (let i = 0; i < profile.length; i++) {
    keys.push(i === ROOT ? [] : [...keys[profile.parent[i]], profile.names[profile.name[i]]]);
    const value = profile.own[metric][i];
    const key = JSON.stringify(keys[i]);
    if (value > 0) sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => a < b ? -1 : 1));
}

/** Sum of a column. */
export function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0);
}
