/** What the command line, the grammar and small texts of the system are read with. */
import assert from "node:assert/strict";
import { parseAssertion } from "../../../cli/assert/mod.ts";
import { parseArguments } from "../../../cli/commands/parse.ts";
import { allCommands, COMMANDS } from "../../../cli/commands/commands.ts";
import { parseFailOn } from "../../../cli/compare/mod.ts";
import { ownerIdIn } from "../../../cli/options/machine.ts";
import {
  bootClockOffsetNs,
  missingCapabilities,
  pidMax,
  pidNamespace,
  type SpecialFiles,
} from "../../../bpf/machine.ts";
import { startedFrom } from "../../../engine/launch/started.ts";
import { IorError } from "../../../runtime/errors.ts";
import {
  compileRegex,
  FIELDS,
  formatExpression,
  parseExpression,
  RegexError,
} from "../../../runtime/expression/mod.ts";
import { formatFilter, parseFilter } from "../../../runtime/filter/mod.ts";
import { randomFilter } from "../../runtime/filter/random_filters.ts";
import { MACHINE } from "../../cli/commands/machine.ts";
import type { Draw } from "../draw.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import type { Target } from "../target.ts";

/** Words of all grammars, and signs that look like theirs. */
const WORDS = [
  ...Object.keys(FIELDS),
  ...["and", "or", "not", "AND", "where", "syscall", "unknown", "no-follow", "pid", "tid"],
  ...["(", ")", ",", "=", "!=", "~", "=~", "<", "<=", ">", ">=", "==", "=!", "&&", "!"],
  ...[
    '"',
    "'",
    '"a b"',
    "'\\'",
    '""',
    "\\",
    "/a/*.log",
    "^/etc",
    "x$",
    "[a-z]*",
    "**",
    "[",
    "read",
    "openat",
    "FS",
    "ENOENT",
  ],
  ...[
    "0",
    "-1",
    "1",
    "5ms",
    "1.5us",
    "64k",
    "1e9",
    "9007199254740992",
    "0.0000000001s",
    "99999999999999999999ns",
    "1000000d",
  ],
  ...["p99", "calls", "total", "errors", "mean", "max", "p50", "1.2x", "+10%", "-5%", "0x", "%"],
  ...["\u00e9", "\u{1f600}", "\ud800", "\u0000", "\u2028", "\n", "\t", "__proto__", "constructor"],
];

const EXPRESSIONS = [
  "latency > 5ms",
  'path ~ "*.db" and not (failed or comm = "sh","bash")',
  "syscall = read,write and bytes >= 64k",
  "path =~ '^/(etc|usr)/.*\\.conf$' or errno != ENOENT",
  "pid = 1,2 and ret < -1",
  "p99(read) < 5ms",
  'calls(fsync, path ~ "*.db") = 0',
  "p99(read) > 1.2x",
  "calls(openat) > +10%",
  "pid 1,2 tid 3 no-follow syscall read,openat unknown where latency > 5ms or failed",
];

/** Characters of an expression: what a millisecond is for. */
const MOST_EXPRESSION = 1_000;

/** An expression, read by every grammar that has such: of filters, of rows, of `--assert` and of `--fail-on`. */
export const EXPRESSION: Target<string> = {
  seconds: 15,
  make: (draw) => {
    if (draw.oneIn(4)) return sentence(draw);
    const text = draw.oneIn(2)
      ? draw.pick(EXPRESSIONS)
      : formatFilter(randomFilter(draw)).replace(/^.*where /, "");
    if (draw.oneIn(4)) return text;
    return (draw.oneIn(2) ? mutateText(text, draw) : withWords(text, draw)).slice(0, MOST_EXPRESSION);
  },
  read: (text) => {
    let read = 0;
    let refusal: unknown = null;
    for (const parse of GRAMMARS) {
      try {
        parse(text);
        read++;
      } catch (error) {
        if (!(error instanceof IorError)) throw error;
        assert.equal(error.code, "usage");
        refusal = error;
      }
    }
    if (read === 0) throw refusal;
    return text.length;
  },
  mostMs: { few: 10, perKilobyte: 10 },
  mostBytes: { few: 0, perByte: 1 },
  repeatsInput: true,
};

/** Each reads a text, and what it accepts is the same when it is written and read again. */
const GRAMMARS: readonly ((text: string) => void)[] = [
  (text) => {
    const read = (text: string) => parseExpression({ option: "--where", text, example: "failed" });
    const expression = read(text);
    assert.deepEqual(read(formatExpression(expression)), expression);
  },
  (text) => {
    const filter = parseFilter(text);
    assert.deepEqual(parseFilter(formatFilter(filter)), filter);
  },
  (text) => void parseAssertion(text),
  (text) => void parseFailOn(text),
];

const ATOMS = [
  "a",
  ".",
  "\\w",
  "[^/]",
  "[a-z0-9]",
  "(",
  "(?:",
  ")",
  "|",
  "*",
  "+",
  "?",
  "{2}",
  "{0,9}",
  "{99,}",
  "()",
  "{9999}",
  "{",
  "}",
  "^",
  "$",
  "\\b",
  "[",
  "]",
  "\\",
  "\\x2f",
  "\\u00e9",
  "\u{1f600}",
  "(?=",
  "\\1",
  "-",
  "é",
];

/** A text on which patterns that go back again would never end. */
const SUBJECT = `${"a".repeat(60)}/b.log`;

/** A regular expression, compiled and run. */
export const REGEX: Target<string> = {
  seconds: 8,
  make: (draw) => {
    const text = Array.from({ length: 1 + draw.whole(12) }, () => draw.pick(ATOMS)).join("");
    return draw.oneIn(30) ? text.repeat(1 + draw.whole(60)) : text;
  },
  read: (text) => {
    try {
      compileRegex(text)(SUBJECT);
      return text.length;
    } catch (error) {
      if (error instanceof RegexError) throw new IorError("usage", `Cannot use it: ${error.message}`);
      throw error;
    }
  },
  mostMs: { few: 100, perKilobyte: 0 }, // 66 characters in 5000 instructions
  mostBytes: { few: 0, perByte: 1 },
};

const OPTIONS = (await allCommands()).flatMap(({ options }) =>
  options.flatMap(({ long, short }) => short === undefined ? [long] : [long, short])
);

const ARGUMENTS = [
  ...[
    "--",
    "-",
    "",
    "=",
    "--=x",
    "-1",
    "---",
    "-zz",
    "help",
    "ls",
    "-la",
    "a.parquet",
    "b.json",
    "rec/",
    "rec",
    "alice",
    "bob",
  ],
  ...[
    "1",
    "0",
    "-5",
    "10s",
    "5ms",
    "64k",
    "1M",
    "99999999999999999999",
    "1.5",
    "NaN",
    "1e3",
    "read",
    "FS",
    "all",
    "read,write",
    ",",
    "json",
    "csv",
    "html",
  ],
  ...[
    "x.html",
    "x.parquet",
    "x.folded",
    "/dev/null",
    "*",
    "[",
    "\u0000",
    "\ud800",
    "é",
    "\n",
    "__proto__",
    "constructor",
    "toString",
    "@file",
    "%file",
    "!read",
  ],
  ...EXPRESSIONS,
];

/** A command line. */
export const COMMAND_LINE: Target<readonly string[]> = {
  seconds: 15,
  make: (draw) => {
    const first = draw.oneIn(12) ? draw.pick([...ARGUMENTS, ...OPTIONS]) : draw.pick(Object.keys(COMMANDS));
    const words = Array.from({ length: draw.whole(9) }, () => {
      const word = draw.oneIn(2) ? draw.pick(OPTIONS) : draw.oneIn(4) ? sentence(draw) : draw.pick(ARGUMENTS);
      if (draw.oneIn(12)) return mutateText(word, draw);
      return draw.oneIn(6) ? `${word}=${draw.pick(ARGUMENTS)}` : word;
    });
    return [first, ...words];
  },
  read: async (words) => {
    const parsed = await parseArguments(words, MACHINE);
    if (parsed.kind !== "task") return parsed.text.length;
    // A worker is given what was asked for.
    return JSON.stringify(
      structuredClone(parsed.task),
      (_, value) => typeof value === "bigint" ? `${value}` : value,
    )
      .length;
  },
  mostMs: { few: 50, perKilobyte: 0 },
  mostBytes: { few: 64 * 1024, perByte: 64 },
  repeatsInput: true,
};

const SYSTEM_TEXTS = [
  "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/sh\n",
  "Name:\tior\nTgid:\t12\nCapEff:\t000001ffffffffff\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001000\n",
  "4194304\n",
  "monotonic           0         0\nboottime        -5 999999999\n",
  "pid:[4026531836]",
  "12 0 0 0 18446744073709551615 7 1024 4096",
];

/** Texts of the system: they are read as far as they make sense, and nothing is thrown. */
export const SYSTEM_TEXT: Target<string> = {
  seconds: 4,
  make: (draw) => mutateText(draw.pick(SYSTEM_TEXTS), draw),
  read: (text) => {
    const id = ownerIdIn(text, "alice");
    assert.ok(id === null || Number.isSafeInteger(id), `user ${id}`);
    const files: SpecialFiles = {
      openSpecialFile: () => null,
      readSpecialText: () => text,
      readSpecialLink: () => text,
      contains: () => false,
    };
    missingCapabilities(text);
    pidNamespace(files);
    pidMax(files);
    bootClockOffsetNs(files);
    startedFrom(text, 12, text);
    return 0;
  },
  mostMs: { few: 50, perKilobyte: 0 },
  mostBytes: { few: 0, perByte: 1 },
};

/** Words of the grammars in any order. */
function sentence({ whole, pick }: Draw): string {
  const glue = pick([" ", " ", ""]);
  return Array.from({ length: 1 + whole(pick([4, 10, 60])) }, () => pick(WORDS)).join(glue);
}

/** A text with some of its words exchanged, repeated or nested. */
function withWords(text: string, { whole, pick }: Draw): string {
  const parts = text.split(/(\b|\s)/);
  for (let times = 1 + whole(3); times > 0; times--) {
    parts[whole(parts.length)] = pick(WORDS).repeat(1 + whole(pick([1, 2, 40])));
  }
  const depth = whole(pick([1, 3, 150]));
  return pick(["(", "not ", "not("]).repeat(depth) + parts.join("") + ")".repeat(depth);
}

/** A text with damaged bytes. */
function mutateText(text: string, draw: Draw): string {
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder().decode(mutateBytes(bytes, draw, bytes)).slice(0, 4_096);
}
