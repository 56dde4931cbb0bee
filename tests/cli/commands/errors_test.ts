import assert from "node:assert/strict";
import type { Command } from "../../../cli/commands/command.ts";
import { parseArguments } from "../../../cli/commands/parse.ts";
import { editDistance, nearest } from "../../../runtime/expression/mod.ts";
import { renderError } from "../../../cli/error_text.ts";
import { IorError } from "../../../runtime/errors.ts";
import { assertGolden } from "../../golden.ts";
import { COMMANDS, MACHINE, parseTrace } from "./machine.ts";

/** Values that each flag with a value refuses. */
const WRONG_VALUES: Readonly<Record<string, readonly string[]>> = {
  "--pid": ["abc", "0", "-1", "4194305", "1,,2", "1.5", "0x10", "", " "],
  "--tid": ["abc", "0", "1,4194305"],
  "--uid": ["bob", "4294967295", "-1", "1x", ""],
  "--gid": ["nobodies", "4294967295", "-1", ""],
  "--cgroup": ["", "a,,b", " "],
  "--comm": ["", "a,,b"],
  "--no-comm": [""],
  "--path": [""],
  "--no-path": [""],
  "--syscall": [
    "opanat",
    "xyzzy_plugh",
    "all",
    "fs",
    "delete",
    "file",
    "sendthefile",
    "read,",
    "/",
    "//",
    "/foo(/",
    "/(a)\\1/",
    "%fil",
    "%",
    "status=failed",
    "tracing=open",
    "/^nothing$/",
    "",
  ],
  "--no-syscall": ["clsoe", "all", "network"],
  "--family": ["netwrk", "xyzzy", "FS,fss", ""],
  "--no-family": ["memry"],
  "--kind": ["raed", "xyzzy", "noreturn", ""],
  "--no-kind": ["clos"],
  "--errno": ["ENOENTT", "xyzzy", "ENOENT,,EIO", ""],
  "--no-errno": ["2"],
  "--where": [
    "",
    "paht ~ .db$",
    "latency > 5",
    "latency >> 5ms",
    "failed or errno = ENOFILE",
    "path ; /a",
    `(${"failed or ".repeat(10)}bytes = lots or ${"failed or ".repeat(10)}failed)`,
    "comm = '\x1b[31m' or comm =",
  ],
  "--slower": ["5", "5m", "fast", "-5ms", "0.5ns", "9999999s", ""],
  "--duration": ["0", "0ms", "1d", "soon", ""],
  "--sample": [
    "read",
    "=5",
    "read=",
    "read=-1",
    "read=x",
    "read=2000000000",
    "raed=5",
    "read=5,",
    "/zzz/=5",
    "",
  ],
  "--ring-size": ["3M", "1k", "2G", "0", "100000", "64MB", "1.5M", "99999999999999G", ""],
  "--output": [""],
  "--color": ["alwys", "yes", ""],
  "--top": ["-1", "1.5", "ten", "1000001", ""],
  "--sort": ["cals", "size", ""],
  "--by": [
    "sycall",
    "path",
    "process,process",
    "process,thread,file,errno",
    "process,",
    "",
  ],
  "--columns": ["p95", "calls,laten", "xyzzy", "calls,p99,calls", ""],
  "--tables": ["file", "files,wait", "xyzzy", "files,files", ""],
  "--depth": ["0", "-1", "2049", "all"],
  "--interval": ["0", "100us", "often", "1d", ""],
  "--count": ["0", "1.5", "-1", "1000001"],
  "--assert": [
    "",
    "p99",
    "p95(read) < 5ms",
    "p99 read < 5ms",
    "p99(raed) < 5ms",
    "errors(ENOENTT) < 100",
    "calls(xyzzy_plugh) = 0",
    "calls(read write) = 0",
    "calls(read, < 5",
    "calls(path ~) = 0",
    'calls(path ~ "") = 0',
    "calls(path < 5) = 0",
    'calls(paht ~ ".db$") = 0',
    "calls(syscall = opanat) = 0",
    "calls(errno = ENOFILE) = 0",
    "calls(family = netwrk) = 0",
    'calls(path ~ ".db) = 0',
    "calls(pid = nginx) = 0",
    "calls(pid ~ 12) = 0",
    "calls(read) 5",
    "calls(read) ! 5",
    "calls(read) <",
    "calls(read) < 5ms",
    "calls(read) < -5",
    "calls(read) < 1.5",
    "p99(read) < 5",
    "total(read) < 5m",
    "bytes(read) < 5MB",
    "calls(read) < 5 and calls(write) < 5",
    "calls[read] = 0",
    'p99(path ~ ".db$") < 5ms',
    "mean(process = nginx) < 5ms",
    "p50(fsync, fdatasync, path = /a) < 5ms",
    "calls(fsync, path = /a, process = b, errno = EIO) = 0",
    "p99(\x1b[31m) < 5ms",
  ],
  "top --interval": ["0", "10ms", "often"],
  "--view": ["", "fils", "8"],
  "--reset-every": ["0", "10ms", "often"],
  "stream --format": ["jsn", "csvv", "ndjsn", ""],
  "stream --columns": ["p95", "pid,xyzzy", "seq,seq", ""],
  "flame --format": ["jpg", "htlm", ""],
  "--max-rows": ["0", "many", "-1"],
  "--from": [""],
  "--record": [""],
  "--flame": ["", "flame", "flame.png"],
  "--fields": ["", "path,pth", "comm,comm", "size"],
  "--metric": ["", "time", "cuont"],
  "--segment-time": ["0", "10ms", "often", ""],
  "--segment-rows": ["0", "999", "ten"],
  "--segment-size": ["1k", "ten", ""],
  "--keep": ["0", "-1", "all"],
  "--max-bytes": ["1M", "ten", ""],
  "--trigger": ["", "latency", "latency > 5", "errno = ENOFILE"],
  "--before": ["ten", "2h", ""],
  "--after": ["ten", ""],
  "--buffer": ["1k", "17G", "ten", ""],
  "--exec": ["", " ", "alert 'disk", "''"],
  "--listen": ["", "9947", "unix:", "localhost:65536", "server.example:80", "[::1]", "127.0.0.256:1"],
  "--token-file": [""],
  "--otlp": ["", "collector:4318", "ftp://a/", "http://user:secret@collector:4318"],
  "--otlp-interval": ["0", "10ms", "often"],
  "--fail-on": ["", "p99", "p95(read) > 1.2x", "p99(raed) > 1.2x", "p99(read) > fast", "calls(read) 5"],
};

/** Words that a command cannot be without. */
function wordsOf(command: Command, flag?: Command["options"][number]): string[] {
  const { operands } = command;
  if (flag?.group === "Trigger") return ["rec/"];
  if (operands.kind === "files") return ["a.parquet", "b.parquet"].slice(0, operands.words.length);
  return operands.kind === "program" && operands.target ? ["run.parquet"] : [];
}

/** Flags with a value, each once, with the command that takes it. */
function valueFlags(): { command: Command; flag: Command["options"][number] }[] {
  const seen = new Set<unknown>();
  return COMMANDS.flatMap((command) => command.options.map((flag) => ({ command, flag })))
    .filter(({ flag }) => flag.value !== undefined && !seen.has(flag) && seen.add(flag));
}

function wrongValues(command: Command, flag: string): readonly string[] {
  return WRONG_VALUES[`${command.name} ${flag}`] ?? WRONG_VALUES[flag];
}

/** Command lines that are wrong in another way. */
const WRONG_LINES: readonly (readonly string[])[] = [
  ["trac"],
  ["ls", "-la", "/tmp", "more"],
  ["--json", "trace"],
  ["-v"],
  ["help", "strem"],
  ["trace", "--"],
  ["trace", "--", ""],
  ["trace", "--dur"],
  ["trace", "--slwer", "5ms"],
  ["trace", "--xyzzy"],
  ["trace", "--xyzzy=1"],
  ["trace", "-z"],
  ["trace", "-xz"],
  ["trace", "-5"],
  ["trace", "--json=1"],
  ["trace", "--format", "text"],
  ["flame", "--json"],
  ["trace", "-q", "-v"],
  ["trace", "--no-family", "FS"],
  ["trace", "--family", "Sched", "--kind", "close"],
  ["trace", "-e", "read", "--no-syscall", "/read/"],
  ["trace", "-e", "read", "--where", "syscall = write", "--where", "failed"],
  ["trace", "--where", "family = FS and not syscall =~ ."],
  ["trace", "--pid", "\x1b[31m"],
  [
    "trace",
    ..."syscall family process thread file dir errno family,syscall process,file".split(" ")
      .flatMap((keys) => ["--by", keys]),
  ],
  ["trace", "-n", "5"],
  ["trace", "--interval", "1s", "--by", "comm"],
  ["trace", "--interval", "1s", "-n", "5", "--threads"],
  ["trace", "--interval", "1s", "--assert", "calls < 5", "--top", "3"],
  ["trace", "-e", "write", "--assert", "p99(read) < 5ms"],
  ["trace", "--assert", "calls(Network) = 0"],
  ["record"],
  ["record", "--keep", "5"],
  ["record", "--", "ls", "-l"],
  ["trace", "--keep", "5", "ls"],
  ["trace", "-o", "make.txt", "--flame", "make.txt", "make"],
  ["trace", "--record", "make.html", "--flame", "make.html", "make"],
  ["trace", "--record", "run.parquet", "--fields", "path", "ls"],
  ["record", "", "ls"],
  ["record", "run.parquet", "--xyzzy"],
  ["record", "run.parquet", "--"],
  ["serve", "--listen", "0.0.0.0:9947"],
  ["serve", "--listen", "[2001:db8::1]:9947"],
  ["serve", "--otlp-interval", "5s"],
  ["serve", "--max-bytes", "1G"],
  ["serve", "--record", "rec/", "--no-rows"],
  ["report"],
  ["report", "-x"],
  ["report", ""],
  ["report", "run.parquet", "--interval", "1s"],
  ["report", "run.parquet", "-d", "5s"],
  ["diff"],
  ["diff", "a.json"],
  ["diff", "a.json", "b.json", "c.json"],
  ["diff", "-", "-"],
  ["stream", "--from", "run.parquet", "ls"],
  ["stream", "--from", "run.parquet", "-d", "5s"],
  ["stream", "--from", "run.parquet", "--sample", "read=5"],
  ["trace", "--sample", "read=5", "--where", "bytes > 10"],
  ["stream", "--from", "run.parquet", "--auto-sample"],
  ["top", "--auto-sample", "--where", "fd = 3"],
  ["trace", "--no-rows", "--record", "run.parquet"],
  ["flame", "--no-rows", "--from", "run.parquet"],
  ["record", "run.parquet", "--no-rows"],
  ["stream", "--from", "run.parquet", "--ring-size", "64M"],
  ["flame", "--from", "run.parquet", "--no-follow"],
  ["stream", "--strace", "--columns", "pid"],
  ["flame", "--diff"],
  ["flame", "--diff", "a.parquet"],
  ["flame", "--diff", "-", "-"],
  ["flame", "--diff", "a.parquet", "b.parquet", "c.parquet"],
  ["flame", "--diff", "--from", "a.parquet", "a.parquet", "b.parquet"],
  ["flame", "--diff", "-d", "5s", "a.parquet", "b.parquet"],
  ["flame", "--from", "run.parquet", "--", "ls"],
  ["flame", "-o", "flame.png", "ls"],
  ["flame", "--split", "ls"],
  ["flame", "--diff", "-o", "ab.speedscope.json", "a.parquet", "b.parquet"],
  ["top", "-n", "3", "ls"],
  ["top", "-o", "frames.txt", "ls"],
  ["top", "--json", "--reset-every", "5s", "ls"],
  ["top", "run.parquet", "--ring-size", "1M"],
  ["top", "--from", "run.parquet", "ls"],
  ["top", "--batch", "--from", "-"],
  ["schema"],
  ["schema", "repotr"],
  ["schema", "xyzzy"],
  ["schema", "rows", "report"],
  ["schema", "--json"],
  ["schema", "--", "--json"],
  ["trace", "-c", "ls"],
  ["trace", "--file", "/etc", "ls"],
  ["stream", "-f", "ndjson", "--", "ls"],
  ["flame", "-f", "svg", "ls"],
  ["report", "-f", "run.parquet"],
  ["trace", "run.parquet"],
  ["report", "--brief", "--tables", "files", "run.parquet"],
  ["trace", "rows.ndjson.zst"],
  ["serve", "rows.ndjson"],
  ["record", "out.parquet", "run.parquet"],
  ["record", "run.csv", "ls"],
  ["record", "run", "ls"],
  ["files", "--sample", "read=10", "ls"],
  ["files", "--parquet", "ls"],
  ["files", "--parquet", "--json", "-o", "a.parquet", "ls"],
  ["files", "run.parquet", "-d", "5s"],
  ["files", "run.parquet", "--", "ls"],
  ["record", "rec/", "--before", "10s", "ls"],
  ["record", "rec/", "--exec", "true", "--buffer", "64M", "ls"],
  ["record", "run.parquet", "--trigger", "failed", "ls"],
  ["record", "rec/", "--trigger", "failed", "--sample", "read=10", "ls"],
  ["record", "rec/", "--trigger", "failed", "--auto-sample", "ls"],
  ["record", "rec/", "--trigger", "syscall = poll and latency > 1s", "ls"],
  ["trace", "--record", "run.ndjson", "ls"],
  ["stream", "run.parquet", "ls"],
  ["flame", "run.parquet", "-d", "5s"],
];

async function failure(args: readonly string[]): Promise<IorError> {
  try {
    await parseArguments(args, MACHINE);
  } catch (error) {
    assert.ok(error instanceof IorError, `${args.join(" ")}: ${error}`);
    assert.equal(error.code, "usage");
    return error;
  }
  assert.fail(`Not refused: ${args.join(" ")}`);
}

async function transcript(lines: readonly (readonly string[])[]): Promise<string> {
  const texts = lines.map(async (args) => {
    const shown = ["ior", ...args].map((word) => /^[-\w./]+$/.test(word) ? word : JSON.stringify(word)).join(
      " ",
    );
    return `$ ${shown}\n${renderError(await failure(args), { color: false, verbose: false })}`;
  });
  return (await Promise.all(texts)).join("\n");
}

Deno.test("Every flag that takes a value refuses wrong ones with the published text", async () => {
  const lines: string[][] = [];
  for (const { command, flag } of valueFlags()) {
    const values = wrongValues(command, flag.long);
    assert.ok(values?.length > 0, `No wrong value is known for ${flag.long}`);
    for (const value of values) lines.push([command.name, flag.long, value, ...wordsOf(command)]);
  }
  assertGolden("errors/flag_values.txt", await transcript(lines));
});

/** What flags need beside themselves, by flag or by command and flag. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "--count": ["--interval", "1s"],
  "--otlp-interval": ["--otlp", "http://127.0.0.1:4318"],
  "top --count": ["--batch"],
  "top --output": ["--batch"],
  "--fields": ["--flame", "make.html"],
  "--metric": ["--flame", "make.html"],
  ...Object.fromEntries(
    ["--segment-time", "--segment-rows", "--segment-size", "--keep", "--max-bytes"].map((
      flag,
    ) => [flag, ["--record", "rec/"]]),
  ),
  ...Object.fromEntries(
    ["--before", "--after", "--buffer", "--exec"].map((flag) => [flag, ["--trigger", "failed"]]),
  ),
};

Deno.test("Every flag that takes a value says so when it is last, with a value that works", async () => {
  const lines: string[][] = [];
  for (const { command, flag } of valueFlags()) {
    lines.push([command.name, flag.long]);
    assert.ok(flag.example, flag.long);
    // What a flag needs beside itself.
    const beside = NEEDED[`${command.name} ${flag.long}`] ?? NEEDED[flag.long] ?? [];
    const words = [...beside, flag.long, flag.example, ...wordsOf(command, flag)];
    assert.equal((await parseArguments([command.name, ...words], MACHINE)).kind, "task", flag.long);
  }
  assertGolden("errors/missing_values.txt", await transcript(lines));
});

Deno.test("Every flag without a value refuses one", async () => {
  for (const command of COMMANDS) {
    for (const flag of command.options.filter((flag) => flag.value === undefined)) {
      assert.match((await failure([command.name, `${flag.long}=1`])).message, /it takes no value$/);
    }
  }
});

Deno.test("Command lines that are wrong have the published text", async () => {
  assertGolden("errors/command_lines.txt", await transcript(WRONG_LINES));
});

Deno.test("Every usage error has a next step, no full stop and no contraction", async () => {
  const lines = [...WRONG_LINES];
  for (const { command, flag } of valueFlags()) {
    for (const value of wrongValues(command, flag.long)) {
      lines.push([command.name, flag.long, value, ...wordsOf(command)]);
    }
  }
  for (const args of lines) {
    const { message, hint } = await failure(args);
    assert.ok(hint, args.join(" "));
    assert.match(message, /^[A-Z]/);
    assert.doesNotMatch(message, /\.$|n't\b/);
    assert.doesNotMatch(hint, /\.$|n't\b/);
  }
});

Deno.test("The ring size nearest to the one asked for is suggested, in pages of every machine", () => {
  const hint = (size: string) => {
    try {
      parseTrace("--ring-size", size);
    } catch (error) {
      return (error as IorError).hint;
    }
  };
  assert.equal(hint("5M"), "The nearest valid size is --ring-size 4M");
  assert.equal(hint("7M"), "The nearest valid size is --ring-size 8M");
  assert.equal(hint("1"), "The nearest valid size is --ring-size 64k");
  assert.equal(hint("1000G"), "The nearest valid size is --ring-size 1G");
  assert.equal(hint("64k"), undefined);
  assert.equal(hint("1G"), undefined);
  const smallest = parseTrace("--ring-size", "64k").ringBytes;
  // Pages of x86-64 and of arm64 (arch/arm64/Kconfig): 4, 16 or 64 KiB.
  for (const pageBytes of [4_096, 16_384, 65_536]) assert.equal(smallest % pageBytes, 0);
});

Deno.test("The nearest word is the one begun, else the fewest slips away, else none", () => {
  const words = ["openat", "open", "read", "readv", "Network"];
  assert.equal(nearest("opanat", words), "openat");
  assert.equal(nearest("raed", words), "read");
  assert.equal(nearest("net", words), "Network");
  assert.equal(nearest("NETWORK", words), "Network");
  assert.equal(nearest("xyzzy", words), null);
  assert.equal(nearest("", words), null);
  assert.equal(editDistance("abcd", "acbd"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
});
