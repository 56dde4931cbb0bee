import assert from "node:assert/strict";
import { emptyFilter, formatFilter } from "../../../runtime/filter/mod.ts";
import { type Syscall, syscallByName, SYSCALLS, UNKNOWN_FAMILY } from "../../../runtime/syscalls/mod.ts";
import { groupCondition } from "../../../cli/options/selection.ts";
import { MACHINE, parse, parseOn, parseTrace } from "../commands/machine.ts";

/** Names of the calls that a rule picks, as a selection has them. */
function names(pick: (call: Syscall) => boolean): string[] {
  return SYSCALLS.filter(pick).map(({ name }) => name);
}

/** The calls with these names, in the order of the table. */
function named(...wanted: string[]): string[] {
  for (const name of wanted) assert.ok(syscallByName(name), name);
  return names((call) => wanted.includes(call.name));
}

function selected(line: string): string[] {
  return parseTrace(...line.split(" ")).selection.syscalls;
}

Deno.test("A control group of a recording may be named by its directory, as one of a live trace", () => {
  for (const group of ["/a.slice/b.service", "/a.slice/", "/"]) {
    assert.deepEqual(groupCondition([`/sys/fs/cgroup${group}`]), groupCondition([group]));
  }
  assert.deepEqual(groupCondition(["/sys/fs/cgroup"]), groupCondition(["/"]));
  assert.notDeepEqual(groupCondition(["/sys/fs/cgroups"]), groupCondition(["/s"]));
});

Deno.test("The default family holds only while no family, kind or call is given", () => {
  const fs = names((call) => call.family === "FS");
  assert.deepEqual(parseTrace().selection.syscalls, fs);
  assert.deepEqual(
    selected("-x --no-syscall close"),
    names((call) => call.family === "FS" && call.name !== "close"),
  );
  assert.deepEqual(
    selected("--no-kind read"),
    names((call) => call.family === "FS" && !call.kinds.includes("read")),
  );
  assert.deepEqual(selected("--no-family Network"), fs);
});

Deno.test("--syscall alone selects exactly the calls named, by any of their spellings", () => {
  assert.deepEqual(selected("-e openat,read"), named("openat", "read"));
  assert.deepEqual(selected("-e newfstat -e read,read"), named("fstat", "read"));
  assert.deepEqual(selected("-e socket"), named("socket"));
});

Deno.test("An entry between slashes is a regular expression over names, and may hold commas", () => {
  assert.deepEqual(selected("-e /^open/"), names((call) => call.name.startsWith("open")));
  assert.deepEqual(selected("-e /^.{2,3}$/,close"), names((call) => /^(.{2,3}|close)$/.test(call.name)));
  assert.deepEqual(selected("-e close,/^f.{0,1}sync$/,read"), named("close", "fsync", "read"));
});

Deno.test("--family selects families, in any case, and all with the numbers the table does not know", () => {
  assert.deepEqual(selected("--family network"), names((call) => call.family === "Network"));
  assert.deepEqual(
    selected("--family FS,IPC"),
    names((call) => call.family === "FS" || call.family === "IPC"),
  );
  const all = parseTrace("--family", "all").selection;
  assert.deepEqual(all.syscalls, names(() => true));
  assert.equal(all.unknownSyscalls, true);
  const unknown = (line: string) => parseTrace(...line.split(" ")).selection.unknownSyscalls;
  assert.equal(unknown("--family FS"), false);
  assert.equal(unknown("--family all --kind read"), false);
  assert.equal(unknown("--family all --no-family FS"), true);
});

Deno.test("Numbers the table does not know are of the family that their rows name", () => {
  const unknown = (line: string) => parseTrace(...line.split(" ")).selection.unknownSyscalls;
  assert.equal(unknown(`--family ${UNKNOWN_FAMILY}`), true);
  assert.equal(unknown(`--family FS,${UNKNOWN_FAMILY} --kind open`), false);
  assert.equal(unknown(`--family all --no-family ${UNKNOWN_FAMILY}`), false);
  assert.equal(unknown(`--where family=${UNKNOWN_FAMILY}`), true);
  assert.equal(unknown(`--family all --where family!=${UNKNOWN_FAMILY}`), false);
});

Deno.test("--syscall and --family add up", () => {
  assert.deepEqual(
    selected("--family Network -e openat"),
    names((call) => call.family === "Network" || call.name === "openat"),
  );
});

Deno.test("--kind narrows families, and alone takes its kinds from all of them", () => {
  assert.deepEqual(
    selected("--family Network --kind read,write"),
    names((call) =>
      call.family === "Network" && (call.kinds.includes("read") || call.kinds.includes("write"))
    ),
  );
  assert.deepEqual(selected("--kind close"), names((call) => call.kinds.includes("close")));
  assert.deepEqual(
    selected("--kind close -e read"),
    names((call) => call.kinds.includes("close") || call.name === "read"),
  );
});

Deno.test("What the --no- flags name is taken away from all that was selected", () => {
  assert.deepEqual(selected("-e openat,read --no-syscall /^open/"), named("read"));
  assert.deepEqual(
    selected("--family all --no-family FS --no-kind read,write"),
    names((call) => call.family !== "FS" && !call.kinds.includes("read") && !call.kinds.includes("write")),
  );
});

Deno.test("A call that this machine lacks cannot be named, and stays in families for recordings of others", () => {
  const arm = { ...MACHINE, arch: "aarch64" } as const;
  const parse = (...args: string[]) => {
    return parseOn(arm, "trace", ...args).selection.syscalls;
  };
  assert.deepEqual(parse(), names((call) => call.family === "FS"));
  assert.deepEqual(parse("-e", "/^open$|^openat$/"), ["open", "openat"]);
  assert.throws(() => parse("-e", "open"), { message: /aarch64 has no such system call/, hint: /`openat`/ });
});

Deno.test("--kind takes the words of users, and a call may have several", () => {
  const deleted = selected("--kind delete");
  for (const name of ["unlink", "unlinkat", "rmdir"]) assert.ok(deleted.includes(name), name);
  assert.deepEqual(selected("--kind lock"), named("flock", "fcntl"));
  assert.deepEqual(selected("--kind lock --no-kind control"), ["flock"]);
  assert.ok(selected("--kind sync").includes("msync"));
});

Deno.test("strace's classes, its trace= and its ! are understood", () => {
  const files = selected("-e %file");
  for (const name of ["openat", "rename", "unlink", "execve", "getcwd"]) {
    assert.ok(files.includes(name), name);
  }
  assert.ok(!files.includes("read"));
  assert.deepEqual(
    selected("-e trace=%ipc"),
    names(({ name }) => /^(msg|sem|shm)/.test(name) && name !== "msync"),
  );
  assert.deepEqual(
    selected("-e trace=read,%net"),
    names((call) => call.family === "Network" || ["read", "sendfile"].includes(call.name)),
  );
  assert.deepEqual(
    selected("-e trace=!close,%desc"),
    names((call) =>
      call.family === "FS" && call.args.every((role) => !["fd", "src", "dst", "dir"].includes(role)) &&
      call.returns !== "fd" && !/^close/.test(call.name)
    ),
  );
  assert.deepEqual(
    selected("-e !/^f/ --family FS"),
    names((call) => call.family === "FS" && !call.name.startsWith("f")),
  );
  assert.deepEqual(selected("-e /^epoll"), names((call) => call.name.startsWith("epoll")));
  assert.deepEqual(selected("-e READ"), ["read"]);
  assert.throws(() => parseTrace("-e", "status=failed"), { code: "usage", hint: /--failed/ });
});

Deno.test("The short options are short for a condition", () => {
  const where = (...args: string[]) =>
    formatFilter({ ...emptyFilter(), where: parseTrace(...args).selection.where });
  assert.equal(where(), "");
  assert.equal(
    where(
      "-u",
      "alice,0",
      "--comm",
      "a,b",
      "--no-comm",
      "c",
      "-P",
      "*.log,x\\,y",
      "--no-path",
      "^/proc",
      "-x",
      "--slower",
      "5ms",
    ),
    'where uid = 1000,0 and comm ~ a,b and not comm ~ c and path ~ *.log,"x,y" and not path ~ ^/proc and failed and ' +
      "latency >= 5ms",
  );
  assert.equal(
    where("-x", "--errno", "enoent,EWOULDBLOCK", "--errno", "ENOENT", "--no-errno", "eio"),
    "where failed and errno = ENOENT,EAGAIN and not errno = EIO",
  );
});

Deno.test("Every --where must hold, and with them what the short options say", () => {
  const { selection, selectionDescription } = parseTrace(
    ..."-x --slower 1ms --where".split(" "),
    "bytes > 4k or fd = 3",
    "--where",
    "path ~ '*.db','a \"b\"' and not comm = sh",
  );
  const text = 'bytes > 4k or fd = 3) and (path ~ *.db,"a \\"b\\"" and not comm = sh';
  assert.equal(
    formatFilter({ ...emptyFilter(), where: selection.where }),
    `where failed and latency >= 1ms and (${text})`,
  );
  assert.equal(selectionDescription.where, `(${text})`);
  const again = parseTrace("--where", `(${text})`);
  assert.equal(again.selectionDescription.where, `(${text})`);
});

Deno.test("A condition that names calls or families selects from all, and any other from the default family", () => {
  const of = (...args: string[]) => {
    const { selection, selectionDescription } = parseTrace(...args);
    return [selection.syscalls, selection.unknownSyscalls, selectionDescription.families];
  };
  const fs = names((call) => call.family === "FS");
  assert.deepEqual(of("--where", "family = network"), [
    names((call) => call.family === "Network"),
    false,
    ["Network"],
  ]);
  assert.deepEqual(of("--where", "syscall = read,socket and failed"), [
    named("read", "socket"),
    false,
    ["FS", "Network"],
  ]);
  assert.deepEqual(of("--where", "not syscall != socket"), [["socket"], false, ["Network"]]);
  assert.deepEqual(of("--where", "failed"), [fs, false, ["FS"]]);
  assert.deepEqual(of("--where", "syscall != read")[0], fs.filter((name) => name !== "read"));
  assert.deepEqual(of("--where", "not syscall = read")[0], fs.filter((name) => name !== "read"));
  assert.deepEqual(of("-e", "read,write", "--where", "syscall ~ wr"), [["write"], false, ["FS"]]);
  assert.deepEqual(of("--where", "syscall = 7777"), [[], true, []]);
  assert.equal(of("--where", "family = Misc")[1], true);
  assert.deepEqual(of("--where", "syscall = socket or latency > 1s")[0], names(() => true));
  assert.deepEqual(
    parse("report", "--where", "syscall != read", "a.parquet").selection.syscalls,
    names((call) => call.name !== "read"),
  );
});

Deno.test("A selection says what was given and the families that it comes to", () => {
  const describe = (line: string) => parseTrace(...line.split(" ")).selectionDescription;
  assert.deepEqual(describe("-e /^open/,socket --no-syscall open"), {
    syscall: ["/^open/", "socket"],
    no_syscall: ["open"],
    families: ["FS", "Network"],
  });
  assert.deepEqual(describe("--family fs,fs --kind Read --no-kind close --no-family ipc --slower 0ns"), {
    family: ["FS"],
    kind: ["read"],
    no_family: ["IPC"],
    no_kind: ["close"],
    slower_ns: 0,
    families: ["FS"],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(describe("-p 1"))), { pid: [1], families: ["FS"] });
  assert.deepEqual(describe("--all-children -- daemon"), { families: ["FS"], all_children: true });
  assert.deepEqual(describe("--all-children"), { families: ["FS"] });
});
