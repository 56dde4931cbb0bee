import assert from "node:assert/strict";
import { outcome } from "../kernel_lib/ior.ts";
import { startWithLauncher } from "../kernel_lib/launcher.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { limitMemory } from "../kernel_lib/memory_limit.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** What a script writes that runs ior by its launcher. */
const run = (script: string) => outcome(startWithLauncher(script));

/** Blocks or ignores signals, and becomes the rest of the words. */
const SIGNALS = "python3 -c 'import os, signal, sys\n" +
  'def numbers(names): return [getattr(signal, n) for n in names.split(",") if n]\n' +
  "signal.pthread_sigmask(signal.SIG_BLOCK, numbers(sys.argv[1]))\n" +
  "for n in numbers(sys.argv[2]): signal.signal(n, signal.SIG_IGN)\n" +
  "os.execvp(sys.argv[3], sys.argv[3:])'";

Deno.test("The command has the limits of ior's start, not those of the runtime", async () => {
  const { stdout, stderr } = await run(
    'ulimit -Sn 64; ulimit -Ss 256; "$IOR" trace -q -o /dev/null -- sh -c "ulimit -Sn; ulimit -Hn; ulimit -Ss"; ulimit -Hn',
  );
  const [soft, hard, stack, before] = stdout.split("\n");
  assert.deepEqual([soft, hard, stack], ["64", before, "256"], stderr);
});

for (const [option, limit] of [["-n", 48], ["-s", 200], ["-v", 4_000_000], ["-d", 1_000_000]] as const) {
  Deno.test(`Under ulimit ${option} ${limit} ior says what would do, or does`, async () => {
    const { code, stdout, stderr } = await run(
      `ulimit ${option} ${limit}; "$IOR" trace -q -o /dev/null -- echo traced`,
    );
    // Who may raise hard limits has them raised.
    if (code === 0) assert.equal(stdout, "traced\n");
    else {assert.match(
        stderr,
        /^ior: Cannot start: the limit of .* is \d+.*, at least \d+ is needed\n {2}Raise it: .*\n$/,
      );}
    const wanted = /Raise it: (.*)/.exec(stderr)?.[1];
    if (wanted) {
      const directory = scratchDirectory("limits");
      const all = "--waits --cache --stacks --with-cgroup --arguments";
      const files = `--record ${directory}/rows.parquet --flame ${directory}/calls.html`;
      const again = await run(`${wanted}; "$IOR" trace -q -o /dev/null ${all} ${files} -- echo traced`);
      assert.equal(again.stdout, "traced\n", again.stderr);
    }
  });
}

const MIB = 1024 * 1024;
const TOO_SMALL =
  /^ior: Cannot start: the limit of memory of its control group is 64 MiB, at least (\d+) MiB is needed\n {2}Raise it, for long traces to \d+ MiB: (\S+)\n$/;

const memoryLimit = limitMemory(64 * MIB);
memoryLimit?.[Symbol.dispose]();

Deno.test({
  name: "In a control group with too little memory ior says how much would do, and does with it" +
    (memoryLimit === null ? " (skipped: memory cannot be limited here)" : ""),
  ignore: memoryLimit === null,
  async fn() {
    using group = limitMemory(64 * MIB)!;
    const words = `echo $$ > ${group.directory}/cgroup.procs; "$IOR" trace -q -o /dev/null -- echo traced`;
    const { code, stdout, stderr } = await run(words);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    const [, wanted, file] = TOO_SMALL.exec(stderr) ?? assert.fail(stderr);
    Deno.writeTextFileSync(file, String(Number(wanted) * MIB));
    const again = await run(words);
    assert.equal(again.stdout, "traced\n", again.stderr);
  },
});

Deno.test("The limit of a control group above counts, in version 2 of the hierarchy as well", async () => {
  const { stderr } = await run(
    `unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup; echo ${64 * MIB} > /sys/fs/cgroup/memory.max
      exec "$IOR" trace -q -o /dev/null -- echo traced'`,
  );
  assert.equal(TOO_SMALL.exec(stderr)?.[2], "/sys/fs/cgroup/memory.max", stderr);
});

Deno.test("The command has the blocked and ignored signals of ior's start, and ior runs whichever they are", async () => {
  // Not SIGCHLD: dash, which the launcher runs in, takes it at its start.
  const read = "grep -E 'Sig(Blk|Ign)' /proc/self/status";
  for (
    const [blocked, ignored] of [["SIGWINCH,SIGUSR1,SIGCHLD", ""], ["", "SIGHUP,SIGINT,SIGUSR1"]]
  ) {
    const words = `${SIGNALS} '${blocked}' '${ignored}'`;
    const direct = await run(`${words} ${read}`);
    const traced = await run(`${words} "$IOR" trace -q -o /dev/null -- ${read}`);
    assert.equal(traced.stdout, direct.stdout, traced.stderr);
  }
});

Deno.test("Descriptors that were closed are closed for the command", async () => {
  const { stdout } = await run(
    'exec 3>&1; "$IOR" trace -q -o /dev/null -- sh -c "for n in 0 1 2; do [ -e /proc/self/fd/\\$n ] || echo \\$n >&3; done" <&- >&- 2>&-',
  );
  assert.equal(stdout, "0\n1\n2\n");
});

Deno.test("Bytes that are not UTF-8 reach the command, also as its directory", async () => {
  const directory = scratchDirectory("bytes");
  const { stdout, stderr } = await run(
    `cd ${directory}; d=$(printf 'caf\\351'); mkdir "$d"; cd "$d"; "$IOR" trace -q -o /dev/null -- touch "$(printf 'th\\351')"; ls -b; cd ..; ls -b`,
  );
  assert.equal(stdout, "th\\351\ncaf\\351\n", stderr);
});

Deno.test("Names of ior's own files may have bytes that are not UTF-8, in a directory of such a name", async () => {
  const directory = scratchDirectory("bytes");
  const { code, stdout, stderr } = await run(
    `set -e; cd ${directory}; d=$(printf 'caf\\351'); mkdir "$d" "$d/dir"; cd "$d"; a=$(printf 'a\\351') b=$(printf 'a\\352')
    "$IOR" trace -q -o "$a.txt" --record "$a.parquet" --flame "$a.svg" -- true
    "$IOR" record -q "$b.parquet" -- cat /dev/null
    "$IOR" record -q "$a/" -- true; "$IOR" record -q dir -- true
    "$IOR" report --json -o "$a.json" "$a.parquet"; "$IOR" report --json -o "$b.json" "$b.parquet"
    "$IOR" flame -o "$b.html" --from "$b.parquet"; "$IOR" flame -q -o "$a.folded" "$b.html"
    "$IOR" diff -o diff "$a.json" "$b.json"; "$IOR" diff -o diff "$a.parquet" "../$d/$b.parquet"
    "$IOR" stream --from "$a/" --format csv -o rows.csv
    for name in "$a.json" "$b.json"; do jq -r '.command[0]' "$name"; done; wc -l <rows.csv
    ls -b . "$a" dir`,
  );
  const names =
    "a\\351 a\\351.folded a\\351.json a\\351.parquet a\\351.svg a\\351.txt a\\352.html a\\352.json a\\352.parquet diff dir rows.csv";
  const [first, second, rows, ...listed] = stdout.trimEnd().split("\n");
  assert.deepEqual([code, first, second], [0, "true", "cat"], stderr);
  assert.ok(Number(rows) > 1, rows);
  assert.equal(listed.slice(1, listed.indexOf("")).sort().join(" "), names);
  assert.equal(listed.filter((line) => line.startsWith("host=")).length, 2);
});

Deno.test("In a directory that was removed ior's files fail as those of any program, and absolute names work", async () => {
  const directory = scratchDirectory("removed");
  const { code, stdout, stderr } = await run(
    `mkdir ${directory}/gone; cd ${directory}/gone; rmdir ${directory}/gone
    "$IOR" record -q x.parquet -- true; echo $?; "$IOR" report x.parquet; echo $?
    "$IOR" record -q ${directory}/x.parquet -- true && "$IOR" report --json -o ${directory}/x.json ${directory}/x.parquet`,
  );
  assert.deepEqual([code, stdout], [0, "2\n1\n"], stderr);
  assert.match(
    stderr,
    /^ior: Cannot write x\.parquet: no such file.*^ior: Cannot read x\.parquet: no such file/ms,
  );
});

Deno.test("A command is traced in a directory that was removed", async () => {
  const directory = scratchDirectory("removed");
  const { code, stdout } = await run(
    `cd ${directory}; rmdir ${directory}; "$IOR" trace -q -o /dev/null -- readlink /proc/self/cwd`,
  );
  assert.deepEqual({ code, stdout }, { code: 0, stdout: `${directory} (deleted)\n` });
});

Deno.test("SIGUSR1 prints an interim report, and opens no inspector", async () => {
  const { stdout, stderr } = await run(
    `"$IOR" trace -q -o /dev/null -- sh -c 'cat /dev/null; kill -USR1 $PPID; sleep 1; ` +
      `grep -cE ":(240D|2405|2406) 00000000:0000 0A" /proc/net/tcp'`,
  );
  assert.equal(stdout, "0\n");
  assert.match(stderr, /^Interim report of ior .*\n.*\nended +not yet\n/m);
  assert.match(stderr, /^System calls by time$/m);
});

Deno.test("An interim report is text for people, also where the report is a whole document", async () => {
  const script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do test -e /none$i; done; kill -USR1 $PPID; sleep 1";
  const { stdout, stderr } = await run(`"$IOR" trace -q --json -P '^/none' -- sh -c '${script}'`);
  assert.match(stderr, /^Files by time\n.*\n(?:.*\/none\d+\n){10}… 2 more rows/m);
  assert.equal(JSON.parse(stdout).files.length, 12);
});

Deno.test("What was ignored at the start does not end ior; SIGHUP else ends it as SIGTERM", async () => {
  for (
    const [prefix, rest, expected] of [
      ["", "exec sleep 60", { code: 129, stdout: "" }],
      ["trap '' HUP;", "sleep 1; echo to the end", { code: 0, stdout: "to the end\n" }],
    ] as const
  ) {
    const { code, stdout, stderr } = await run(
      `${prefix} "$IOR" trace -q -o /dev/null -- sh -c 'kill -HUP $PPID; ${rest}'`,
    );
    assert.deepEqual({ code, stdout }, expected, stderr);
  }
});

Deno.test("ior waits for a command that outlives its trace, and has its status; --no-wait leaves it", async () => {
  const stream = '"$IOR" stream --format csv';
  const command = "-- sh -c 'cat /dev/null; sleep 1; exit 7'";
  for (
    const [script, status] of [
      [`${stream} ${command} 2>/dev/null | head -n 1 >/dev/null; exit $PIPESTATUS`, 7],
      [`${stream} --max-rows 1 ${command} >/dev/null`, 7],
      [`${stream} -d 100ms ${command} >/dev/null`, 7],
      [`${stream} ${command} >/dev/full`, 1],
    ] as const
  ) {
    const { code, stderr } = await run(script);
    assert.equal(code, status, `${script}: ${stderr}`);
  }
  // This one does not end before ior, which may be slow.
  const [go, said] = ["go", "said"].map((name) => `${scratchDirectory("left")}/${name}`);
  const left = `sh -c 'cat /dev/null; until test -e ${go}; do sleep 0.02; done; exit 7'`;
  const { code } = await run(`${stream} --no-wait --max-rows 1 -- ${left} >/dev/null 2>${said}`);
  Deno.writeTextFileSync(go, "");
  assert.equal(code, 0, Deno.readTextFileSync(said));
});

Deno.test("What cannot be printed is said, with where it was to go", async () => {
  for (const words of ["-h", "doctor", "schema rows"]) {
    const { code, stderr } = await run(`"$IOR" ${words} >/dev/full`);
    const text =
      "ior: Cannot write to standard output: no space left on device\n  Check the space on its device\n";
    assert.deepEqual([code, stderr], [1, text], words);
  }
});

Deno.test("A trace that cannot keep up ends when it is told to", async () => {
  const { code, stderr } = await run(
    'for i in 1 2; do dd if=/dev/zero of=/dev/null bs=1 2>/dev/null & jobs="$jobs $!"; done;' +
      '"$IOR" stream -q --format ndjson --family all -d 1s >/dev/null; status=$?; kill $jobs; exit $status',
  );
  assert.equal(code, 0, stderr);
  await nothingLeftBehind();
});
