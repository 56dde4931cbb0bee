import assert from "node:assert/strict";
import { TOPICS } from "../../../cli/commands/topics/topics.ts";
import { parseArguments } from "../../../cli/commands/parse.ts";
import { DEFAULTS, ownerIdIn } from "../../../cli/options/mod.ts";
import { compileCondition, parseFilter } from "../../../runtime/filter/mod.ts";
import { SEGMENT_LIMITS } from "../../../runtime/recording.ts";
import { assertGolden } from "../../golden.ts";
import { COMMANDS, MACHINE, parse, parseStream, parseTrace } from "./machine.ts";

Deno.test("Without flags a trace has the defaults", () => {
  const { selection, selectionDescription, ...rest } = parseTrace();
  assert.deepEqual(rest, {
    kind: "trace",
    command: null,
    durationNs: null,
    ringBytes: DEFAULTS.ringBytes,
    sampling: null,
    autoSamples: false,
    needsRows: null,
    waitsForCommand: true,
    waitsForChildren: false,
    explains: false,
    cgroups: [],
    showsGroups: false,
    extras: [],
    output: null,
    color: "auto",
    ascii: false,
    strict: false,
    quiet: false,
    verbose: false,
    format: "text",
    top: 10,
    sort: "time",
    by: [],
    columns: null,
    depth: null,
    intervalNs: null,
    full: false,
    groups: 0,
    count: null,
    advice: true,
    tables: null,
    brief: false,
    assertions: [],
    record: null,
    flame: null,
  });
  assert.deepEqual(selectionDescription, { families: ["FS"] });
  assert.ok(selection.follow);
  const { selection: _, selectionDescription: __, ...stream } = parseStream();
  assert.deepEqual(stream, {
    kind: "stream",
    command: null,
    durationNs: null,
    ringBytes: DEFAULTS.ringBytes,
    sampling: null,
    autoSamples: false,
    needsRows: "command",
    waitsForCommand: true,
    waitsForChildren: false,
    explains: false,
    cgroups: [],
    showsGroups: false,
    extras: [],
    output: null,
    color: "auto",
    ascii: false,
    strict: false,
    quiet: false,
    verbose: false,
    format: "text",
    columns: null,
    maxRows: null,
    from: [],
  });
});

Deno.test("Every flag sets its own field", () => {
  const parsed = parseTrace(
    ..."-p 1,2 --pid=3 -t 4 -u 0,alice --gid staff,7 --comm sh --no-comm bash -P /var --no-path /proc -x --slower 5ms"
      .split(" "),
    ..."-d 1.5 --no-follow --ring-size 64k --top 3 --sort p99 --json -o out.json --color NEVER --strict -v"
      .split(" "),
  );
  const { syscalls, ...selection } = parsed.selection;
  assert.ok(syscalls.length > 100);
  assert.deepEqual(selection, {
    pids: [1, 2, 3],
    tids: [4],
    follow: false,
    unknownSyscalls: false,
    where: parseFilter(
      "where uid = 0,1000 and gid = 50,7 and comm ~ sh and not comm ~ bash and path ~ /var and not path ~ /proc and failed and " +
        "latency >= 5ms",
    ).where,
  });
  assert.deepEqual(parsed.selectionDescription, {
    pid: [1, 2, 3],
    tid: [4],
    uid: [0, 1000],
    gid: [50, 7],
    comm: ["sh"],
    path: ["/var"],
    no_comm: ["bash"],
    no_path: ["/proc"],
    follow: false,
    failed: true,
    slower_ns: 5_000_000,
    families: ["FS"],
  });
  assert.equal(parsed.durationNs, 1_500_000_000);
  assert.equal(parsed.ringBytes, 65_536);
  assert.equal(parsed.top, 3);
  assert.equal(parsed.sort, "p99");
  assert.equal(parsed.format, "json");
  assert.equal(parsed.output, "out.json");
  assert.equal(parsed.color, "never");
  assert.equal(parsed.strict, true);
  assert.equal(parsed.verbose, true);
  assert.equal(parsed.quiet, false);
  assert.equal(parseTrace("-q").quiet, true);
  assert.equal(parseStream("--ascii").ascii, true);
  assert.equal(parseStream("--format", "ndjson").format, "ndjson");
});

Deno.test("Every flag of a report sets its own field", () => {
  const parsed = parseTrace(
    ..."--by process,syscall --by DIR --by process,syscall --columns p99,calls --depth 3 --threads".split(
      " ",
    ),
    ..."--interval 500ms --full -n 7 --no-advice --ascii".split(" "),
    ...["--assert", "calls < 5", "--assert", "p99(read) < 5ms"],
  );
  assert.deepEqual(parsed.by, [["process", "syscall"], ["dir"], ["thread"]], "the same table twice is one");
  assert.deepEqual(parsed.columns, ["p99", "calls"]);
  assert.equal(parsed.depth, 3);
  assert.equal(parsed.intervalNs, 500_000_000);
  assert.equal(parsed.count, 7);
  assert.equal(parsed.advice, false);
  assert.equal(parsed.ascii, true);
  assert.deepEqual(parsed.assertions.map(({ text, bound }) => [text, bound]), [["calls < 5", 5], [
    "p99(read) < 5ms",
    5_000_000,
  ]]);
  assert.equal(parseTrace("--interval", "2").intervalNs, 2_000_000_000, "a bare number is seconds");
});

Deno.test("An assertion brings the table it is answered from, unless --by has it in any order", () => {
  const tables = (...args: string[]) => parseTrace(...args).by;
  const assertion = 'calls(fsync, path ~ "*.db") = 0';
  assert.deepEqual(tables("--assert", assertion), [["file", "old_file", "syscall"]]);
  assert.deepEqual(tables("--assert", assertion, "--assert", "calls(read, path = /a) = 1"), [[
    "file",
    "old_file",
    "syscall",
  ]]);
  assert.deepEqual(tables("--by", "dir", "--assert", assertion), [["dir"], ["file", "old_file", "syscall"]]);
  const keys = ["syscall", "file", "old_file"];
  assert.deepEqual(tables("--by", keys.join(), "--assert", assertion), [keys]);
  assert.deepEqual(tables("--assert", "errors(ENOENT, openat) < 100"), []);
  assert.equal(
    parseTrace("--by", "dir", "--assert", assertion).groups,
    1,
    "and the text shows those of --by alone",
  );
});

Deno.test("An assertion may be on any call that is traced, also one whose number has no name", () => {
  assert.equal(parseTrace("--family", "Network", "--assert", "calls(Network) = 0").assertions.length, 1);
  assert.equal(
    parseTrace("--family", "all", "--no-syscall", "read", "--assert", "calls(read) = 0").assertions.length,
    1,
  );
});

Deno.test("The file of a recording comes first, flags stand before or behind it, then the command with its own", () => {
  const lines = ["run.parquet -p 1 --keep 3 ls -la", "--keep 3 run.parquet -p 1 -- ls -la"];
  for (const line of lines) {
    const { record, command, selection } = parse("record", ...line.split(" "));
    assert.deepEqual(record, {
      path: "run.parquet",
      ...SEGMENT_LIMITS,
      keep: 3,
      maxBytes: null,
      segmentFlag: "--keep",
    });
    assert.deepEqual([command, selection.pids], [["ls", "-la"], [1]]);
  }
  const segments = "d/ --segment-time 30 --segment-rows 1000 --segment-size 64k".split(" ");
  assert.deepEqual(parse("record", ...segments).record, {
    path: "d/",
    segmentNs: 30e9,
    segmentRows: 1000,
    segmentBytes: 65_536,
    keep: null,
    maxBytes: null,
    segmentFlag: "--segment-time",
  });
  const limited = parse("record", "d/", "--max-bytes", "64M").record;
  assert.deepEqual([limited.maxBytes, limited.segmentBytes], [64 * 1024 * 1024, 8 * 1024 * 1024]);
  assert.equal(parse("record", "d/").record.segmentFlag, null);
  assert.equal(parse("record", "-d", "1", "rec").command, null);
  assert.equal(parseTrace("--record", "a.parquet").record?.path, "a.parquet");
});

Deno.test("With a trigger a window is one file, unless segments have a time, and every call is a row for it", () => {
  const words = ["d/", "--trigger", "latency > 100ms", "--before", "2s", "--exec", "alert 'the disk'"];
  const { record, trigger, needsRows } = parse("record", ...words);
  const { text, beforeNs, afterNs, bufferBytes, exec } = trigger!;
  assert.deepEqual({ text, beforeNs, afterNs, bufferBytes, exec }, {
    text: "latency > 100ms",
    beforeNs: 2e9,
    afterNs: 5e9,
    bufferBytes: 64 * 1024 * 1024,
    exec: ["alert", "the disk"],
  });
  assert.deepEqual([record.segmentNs, record.segmentRows, needsRows], [
    Infinity,
    SEGMENT_LIMITS.segmentRows,
    "trigger",
  ]);
  assert.equal(parse("record", ...words, "--segment-time", "1m").record.segmentNs, 60e9);
  assert.equal(parse("record", "d/").trigger, null);
});

Deno.test("A trigger turns on what its fields need to have a value", () => {
  const asked = (condition: string) => {
    const { extras, showsGroups } = parse("record", "d/", "--trigger", condition);
    return [...extras, showsGroups];
  };
  assert.deepEqual(asked("latency > 1s"), [false]);
  assert.deepEqual(asked("iowait > 5ms or runqueue > 5ms"), ["waits", false]);
  assert.deepEqual(asked("not (fetched < 1M and flags ~ O_SYNC)"), ["cache", "arguments", false]);
  assert.deepEqual(asked("cgroup ~ web and stack ~ fsync"), ["stacks", true]);
});

Deno.test("A server listens on this machine alone unless there is a token, and needs rows for a recording alone", () => {
  const { listen, tokenFile, otlp, record, needsRows, output } = parse("serve");
  assert.deepEqual(listen, { kind: "tcp", hostname: "127.0.0.1", port: 9947 });
  assert.deepEqual([tokenFile, otlp, record, needsRows, output], [null, null, null, null, null]);
  const listenOf = (...args: string[]) => parse("serve", "--listen", ...args).listen;
  assert.deepEqual(listenOf("unix:/run/a b"), { kind: "unix", path: "/run/a b" });
  for (const hostname of ["localhost", "127.0.0.2"]) {
    assert.deepEqual(listenOf(`${hostname}:0`), { kind: "tcp", hostname, port: 0 });
  }
  assert.deepEqual(listenOf("[::1]:1"), { kind: "tcp", hostname: "::1", port: 1 });
  assert.deepEqual(listenOf("0.0.0.0:1", "--token-file", "t"), { kind: "tcp", hostname: "0.0.0.0", port: 1 });
  const urlOf = (url: string) => parse("serve", "--otlp", url).otlp?.url;
  assert.equal(urlOf("http://a:4318"), "http://a:4318/v1/metrics");
  assert.equal(urlOf("https://a/otlp/v1/metrics?x=1"), "https://a/otlp/v1/metrics?x=1");
  assert.equal(parse("serve", "--record", "rec/").needsRows, "recording");
});

Deno.test("A flamegraph has its form from the name of its file, or from --format", () => {
  const forms: [string, string][] = [
    ["", "text"],
    ["-o a.svg", "svg"],
    ["-o a.html", "html"],
    ["-o a.folded", "folded"],
    ["-o a.speedscope.json", "speedscope"],
    ["-o a.txt", "text"],
    ["-o a.xyz --format SVG", "svg"],
    ["--format folded", "folded"],
  ];
  for (const [line, form] of forms) {
    assert.equal(parse("flame", ...line.split(" ").filter(Boolean)).format, form, line);
  }
  const { fields, metric, split, inverted, command, diff } = parse("flame", "ls", "-o", "x");
  assert.deepEqual([fields, metric], [["comm", "syscall", "path"], "duration"]);
  assert.deepEqual([split, inverted, command, diff], [false, false, ["ls", "-o", "x"], null]);
  const shaped = parse("flame", ..."--fields PATH,tid --metric bytes --split --inverted -o a.svg".split(" "));
  assert.deepEqual([shaped.fields, shaped.metric, shaped.split, shaped.inverted], [
    ["path", "tid"],
    "bytes",
    true,
    true,
  ]);
  const compared = parse("flame", "--diff", "a.html", "b.html");
  assert.deepEqual([compared.diff, compared.command], [["a.html", "b.html"], null]);
  assert.equal(compared.callFlag, null, "nothing is asked of its calls");
  assert.equal(parse("flame", "--diff", "a.html", "b.html", "--fields", "path").callFlag, "--fields");
  assert.equal(parse("flame", "--from", "a.html", "-x", "--metric", "bytes").callFlag, "--failed");
  const beside = parseTrace("--flame", "a.svg", "--metric", "count", "--fields", "comm").flame;
  assert.deepEqual(beside, { path: "a.svg", fields: ["comm"], metric: "count" });
});

Deno.test("What was recorded is selected as a whole, unless calls are named", () => {
  const every = parseTrace("--family", "all").selection;
  assert.deepEqual(parse("report", "a", "-x", "b").selection, { ...every, where: { kind: "failed" } });
  assert.deepEqual(parse("report", "a", "-x", "b").from, ["a", "b"]);
  assert.deepEqual(parse("flame", "--from", "a").selection, every);
  assert.deepEqual(parseStream("--from", "a", "--from", "b").selection, every);
  assert.deepEqual(parseStream("--from", "a", "--from", "b").from, ["a", "b"]);
  assert.deepEqual(parse("flame", "--diff", "a", "b").selection, every);
  assert.deepEqual(parse("report", "--family", "FS", "a").selection, parseTrace().selection);
  assert.deepEqual(parse("report", "--", "-x").from, ["-x"]);
});

Deno.test("Two files are compared, the earlier one first", () => {
  const { before, after, json, top, failOn } = parse(
    "diff",
    "a",
    "--json",
    "b",
    "--fail-on",
    "p99(read) > 1.2x",
  );
  assert.deepEqual([before, after, json, top], ["a", "b", true, null]);
  assert.equal(failOn.length, 1);
  assert.equal(parse("diff", "a", "b").callFlag, null);
  const { selection, callFlag } = parse("diff", "a", "b", "--where", "failed");
  assert.deepEqual([selection.where, callFlag], [{ kind: "failed" }, "--where"]);
});

Deno.test("Rows have their columns, their form and their number", () => {
  const { columns, format, maxRows } = parseStream(
    ..."--columns path,pid --max-rows 5 --format csv".split(" "),
  );
  assert.deepEqual([columns, format, maxRows], [["path", "pid"], "csv", 5]);
  assert.equal(parseStream("--strace").format, "strace");
});

Deno.test("A schema is chosen by its name", () => {
  assert.deepEqual(parse("schema", "report"), { kind: "schema", name: "report" });
  assert.deepEqual(parse("schema", "rows"), { kind: "schema", name: "rows" });
});

Deno.test("A report is cut to the default as text, not as JSON, and by --top in both; 0 is all", () => {
  assert.equal(parseTrace().top, 10);
  assert.equal(parseTrace("--json").top, null);
  assert.equal(parseTrace("--json", "--top", "5").top, 5);
  assert.equal(parseTrace("--top", "0").top, null);
});

Deno.test("The first word that is no flag begins the command, and its flags are its own", () => {
  const cases: [string[], string[] | null][] = [
    [["ls", "-la"], ["ls", "-la"]],
    [["-x", "ls", "-p", "9", "--json"], ["ls", "-p", "9", "--json"]],
    [["--", "ls", "-la"], ["ls", "-la"]],
    [["-d", "1", "--", "-odd", "x"], ["-odd", "x"]],
    [["sh", "-c", "a -- b", "--", "c"], ["sh", "-c", "a -- b", "--", "c"]],
    [["--", "--", "x"], ["--", "x"]],
    [["ls", "-h"], ["ls", "-h"]],
    [["ls", ""], ["ls", ""]],
    [["-p", "1"], null],
  ];
  for (const [args, command] of cases) {
    assert.deepEqual(parseTrace(...args).command, command, args.join(" "));
    assert.deepEqual(parseStream(...args).command, command, args.join(" "));
  }
});

Deno.test("Flags are understood joined, with an equals sign, and in any order; the last of a single value holds", () => {
  assert.deepEqual(parseTrace("-p1", "-xq").selection.pids, [1]);
  assert.ok(parseTrace("-xq").selection.where?.kind === "failed" && parseTrace("-xq").quiet);
  assert.deepEqual(parseTrace("--pid=1,2", "-p", " 3 , 2").selection.pids, [1, 2, 3], "each once");
  assert.equal(parseTrace("-d", "1s", "-d", "2m").durationNs, 120_000_000_000);
  assert.deepEqual(parseTrace("--no-comm", "a", "--comm", "b").selectionDescription.comm, ["b"]);
  assert.equal(parseTrace("-o", "a", "-o", "-").output, null, "a dash is standard output");
  assert.equal(parseTrace("-o", "/dev/stdout").output, null);
});

Deno.test("Help and version are given before anything else is found wrong", async () => {
  for (const command of COMMANDS) {
    const help = await parseArguments([command.name, "-h"], MACHINE);
    assert.ok(help.kind === "help");
    const asked = await parseArguments(["help", command.name], MACHINE);
    assert.ok(asked.kind === "help" && asked.text.startsWith(help.text), "a topic may follow");
    const lines = [["-h"], ["--help"], ["-h", "--bogus"], ["--bogus", "-h"]];
    if (command.operands.kind === "program") lines.push(["-p", "abc", "-h"], ["-q", "-v", "-h"]);
    for (const args of lines) {
      assert.deepEqual(await parseArguments([command.name, ...args], MACHINE), help, args.join(" "));
    }
    assert.equal((await parseArguments([command.name, "--version"], MACHINE)).kind, "version");
  }
  assert.deepEqual(await parseArguments(["--version"], MACHINE), { kind: "version", text: "ior 1.2.3\n" });
});

Deno.test("The help of ior and of every command is the published text, within 80 columns", async () => {
  const texts: [string, string[]][] = [["ior", ["-h"]], ["usage", []]];
  for (const command of COMMANDS) texts.push([command.name, [command.name, "-h"]]);
  for (const [name, args] of texts) {
    const parsed = await parseArguments(args, MACHINE);
    assert.equal(parsed.kind, args.length === 0 ? "usage" : "help");
    assert.ok("text" in parsed);
    for (const line of parsed.text.split("\n")) assert.ok(line.length <= 80, line);
    assertGolden(`help/${name}.txt`, parsed.text);
  }
  for (const { name } of TOPICS) {
    const parsed = await parseArguments(["help", name], MACHINE);
    assert.ok(parsed.kind === "help");
    for (const line of parsed.text.split("\n")) assert.ok(line.length <= 80, line);
    assertGolden(`help/topic_${name}.txt`, parsed.text);
  }
  assert.deepEqual(await parseArguments(["help"], MACHINE), await parseArguments(["-h"], MACHINE));
  for (const words of [["--help"], ["help", "-h"], ["help", "--help"], ["help", "help"]]) {
    assert.deepEqual(
      await parseArguments(words, MACHINE),
      await parseArguments(["-h"], MACHINE),
      words.join(" "),
    );
  }
});

Deno.test("Every example of the help is a command line that ior understands", async () => {
  for (const command of COMMANDS) {
    for (const [line] of command.examples) {
      const words = line.replace(/ \| .*$/, "").replace("www-data", "alice").match(/'[^']*'|\S+/g)!
        .map((word) => word.replaceAll("'", ""));
      assert.equal((await parseArguments(words.slice(1), MACHINE)).kind, "task", line);
    }
  }
});

Deno.test("No two flags of a command share a name", () => {
  for (const command of COMMANDS) {
    const names = command.options.flatMap((row) => row.short ? [row.long, row.short] : [row.long]);
    assert.deepEqual(names, [...new Set(names)], command.name);
  }
});

Deno.test("A user name is found in the passwd file, and only as a whole first field", () => {
  const passwd = "root:x:0:0:root:/root:/bin/sh\n# note\nwww-data:x:33:33::/var/www:\nbad:x:no:1::/:\n";
  assert.equal(ownerIdIn(passwd, "root"), 0);
  assert.equal(ownerIdIn(passwd, "www-data"), 33);
  assert.equal(ownerIdIn(passwd, "www"), null);
  assert.equal(ownerIdIn(passwd, "bad"), null);
  for (const uid of ["4294967295", "9".repeat(400)]) {
    assert.equal(ownerIdIn(`far:x:${uid}:1::/:`, "far"), null, uid);
  }
  assert.equal(ownerIdIn("", ""), null);
});

Deno.test("A recording in the place of a program is read, with options behind it, and never run", () => {
  const { from, command, selection, maxRows } = parseStream("run.parquet", "-x", "more.ndjson.gz", "-n", "3");
  assert.deepEqual([from, command, selection.where, maxRows], [
    ["run.parquet", "more.ndjson.gz"],
    null,
    { kind: "failed" },
    3,
  ]);
  assert.deepEqual(parseStream("rec/").from, ["rec/"]);
  assert.deepEqual(parse("flame", "make.html", "-o", "a.svg").from, ["make.html"]);
  assert.deepEqual(
    parse("flame", "run.parquet").selection,
    parse("flame", "--from", "run.parquet").selection,
  );
  assert.deepEqual(parseStream("--", "./odd.ndjson").command, ["./odd.ndjson"], "behind -- is a program");
});

Deno.test("What users of strace and of other tools type works", async () => {
  assert.ok(parseTrace("-f", "ls").selection.follow);
  assert.equal(parseStream("--json").format, "ndjson");
  for (const line of [["-V"], ["version"], ["trace", "-V"]]) {
    assert.equal((await parseArguments(line, MACHINE)).kind, "version", line.join(" "));
  }
});

Deno.test("Control groups are followed when they select, are a column or a key, or are asked for", () => {
  const asked = (...args: string[]) => parseStream(...args).showsGroups;
  assert.deepEqual([asked(), asked("--with-cgroup"), asked("--columns", "pid,cgroup")], [false, true, true]);
  assert.deepEqual(
    [parseTrace("--by", "comm").showsGroups, parseTrace("--by", "comm,cgroup").showsGroups],
    [false, true],
  );
  const { cgroups, selection, selectionDescription } = parseTrace("--cgroup", "web, /a", "--cgroup=b");
  assert.deepEqual([cgroups, selection.where], [["web", "/a", "b"], null], "the kernel selects");
  assert.deepEqual(selectionDescription.cgroup, ["web", "/a", "b"]);
});

Deno.test("In recordings --cgroup is a condition on the names of groups and containers", () => {
  const matching = (word: string) => {
    const { where } = parseStream("--cgroup", word, "run.parquet").selection;
    const matches = compileCondition(where!);
    const names = [
      "/",
      "/a",
      "/a/b",
      "/ab",
      "/x/a",
      "docker:web",
      "docker:web/init",
      "docker:web2",
      "/s/web.service",
      "containerd:pod/web",
      "docker:beef00112233",
      "docker:beef00112233/init",
      "docker:beefy",
    ];
    const selected = names.filter((cgroup) => matches({ cgroup }));
    return selected.length === names.length ? "all" : selected.join(" ");
  };
  assert.equal(matching("/a"), "/a /a/b");
  assert.equal(matching("a/"), "/a /a/b");
  assert.equal(matching("a"), "/a /a/b /x/a");
  assert.equal(matching("web"), "docker:web docker:web/init /s/web.service containerd:pod/web");
  assert.equal(matching("docker:web"), "docker:web docker:web/init");
  for (const word of ["pod/web", "containerd:pod/web"]) assert.equal(matching(word), "containerd:pod/web");
  assert.equal(matching("/pod/web"), "");
  for (const word of ["beef", "beef00112233", `beef00112233${"4".repeat(52)}`]) {
    assert.equal(matching(word), "docker:beef00112233 docker:beef00112233/init", word);
  }
  assert.equal(matching("bee"), "");
  assert.equal(matching("w.b"), "");
  assert.equal(matching("/"), "all");
});
