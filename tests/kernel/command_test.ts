import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { actorProgram } from "../kernel_lib/actor.ts";
import { compile } from "../kernel_lib/compile.ts";
import { iorWords, outcome, runIor, startIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { parseRows, readRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** A user that every system has. */
const NOBODY = 65534;

const file = (name: string) => `${scratchDirectory("file")}/${name}`;
const reveal = () => compile(fileURLToPath(new URL("../kernel_lib/reveal.c", import.meta.url)));

/** The rows of all calls of a command. */
async function allRows(command: string[], cwd?: string) {
  const output = file("rows");
  const args = ["stream", "--format", "ndjson", "--family", "all", "-o", output, "--", ...command];
  const { code, stderr } = await runIor(args, { cwd });
  assert.equal(code, 0, stderr);
  return readRows(output).rows;
}

Deno.test("The first call of a command is its exec, with an absolute path, and the last its end", async () => {
  const actor = await actorProgram();
  const directory = actor.slice(0, actor.lastIndexOf("/"));
  const link = `${directory}/other name`;
  Deno.symlinkSync(actor, link);
  for (
    const [command, cwd, path, comm] of [
      [actor, undefined, actor, "actor"],
      ["./actor", directory, actor, "actor"],
      ["./other name", directory, link, "other name"],
      ["true", undefined, null, "true"],
    ] as const
  ) {
    const rows = await allRows([command], cwd);
    assert.deepEqual(
      [rows[0].seq, rows[0].syscall, rows[0].ret, rows[0].comm],
      [1, "execve", 0, comm],
      command,
    );
    if (path) assert.equal(rows[0].path, path);
    else assert.match(rows[0].path!, /^\/.*\/true$/);
    const last = rows.at(-1)!;
    assert.deepEqual([last.syscall, last.ret, last.latency_ns], ["exit_group", null, null]);
    assert.equal(new Set(rows.map((row) => row.pid)).size, 1);
  }
});

Deno.test("The arguments after the command are the command's, also those that look like flags", async () => {
  const { code, stderr, stdout } = await runIor([
    "stream",
    "-o",
    file("rows"),
    "--",
    "echo",
    "-x",
    "--json",
    "--",
    "a b",
  ]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "-x --json -- a b\n");
});

Deno.test("The status of the command is ior's", async () => {
  const actor = await actorProgram();
  for (const status of [0, 1, 7, 126, 127, 255]) {
    const output = file("report.json");
    const { code, signal } = await runIor(["trace", "--json", "-o", output, "--", actor, `exit:${status}`]);
    assert.deepEqual({ code, signal }, { code: status, signal: null });
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(output)).command_status, { exit: status });
  }
});

Deno.test("The signal that ends the command ends ior, after its report", async () => {
  const actor = await actorProgram();
  for (const [number, name] of [[15, "SIGTERM"], [9, "SIGKILL"], [1, "SIGHUP"], [2, "SIGINT"]] as const) {
    const output = file("report.json");
    const { signal } = await runIor(["trace", "--json", "-o", output, "--", actor, `die:${number}`]);
    assert.equal(signal, name);
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(output)).command_status, { signal: name });
  }
});

Deno.test("The standard output of the command goes to ior's standard error when ior writes to its own", async () => {
  const command = ["sh", "-c", "echo out; echo err >&2"];
  const { stdout, stderr } = await runIor(["trace", "--json", "--", ...command]);
  assert.equal(JSON.parse(stdout).schema, "ior.report/1");
  assert.equal(stderr, "out\nerr\n");
});

Deno.test("The standard output of the command is its own when ior writes to a file", async () => {
  const output = file("report.txt");
  const { stdout, stderr } = await runIor([
    "trace",
    "-o",
    output,
    "--",
    "sh",
    "-c",
    "echo out; echo err >&2",
  ]);
  assert.deepEqual({ stdout, stderr }, { stdout: "out\n", stderr: "err\n" });
  assert.match(Deno.readTextFileSync(output), /^System calls/m);
});

/** Variables that a shell on the way could take for its own, change or drop. */
const VARIABLES = {
  PATH: Deno.env.get("PATH")!,
  HOME: "/nonexistent",
  DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
  go: "a variable of the user",
  "with.dot": "1",
  "BASH_FUNC_f%%": "() { :; }",
  "1st": "1",
  EMPTY: "",
  LINES_: "a\nb",
  IFS: "x",
  ENV: "/nonexistent/env",
  PS4: "z",
  PWD: "/wrong",
  OLDPWD: "/old",
  SHLVL: "5",
  _: "underscore",
  OPTIND: "9",
  PPID: "1",
};

/** What the program says of itself when it is started through `words`, by a shell that sets the surroundings. */
async function revealed(
  shell: string,
  words: string[],
  program: string[],
  variables = {},
): Promise<string[]> {
  const child = new Deno.Command("bash", {
    args: ["-c", shell, "bash", ...words, ...program],
    clearEnv: true,
    env: { ...VARIABLES, ...variables },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  // Few of them read it.
  const written = stdin.write(new TextEncoder().encode("from the caller")).then(() => stdin.close()).catch(
    () => {},
  );
  const { code, stdout, stderr } = await outcome(child);
  await written;
  assert.equal(code, 0, stderr);
  return stdout.split("\n");
}

/** What a run through ior changes of what the program says, by what it begins with. */
async function compareRevealed(shell: string, program: string[], ...facts: string[]): Promise<void> {
  const only = (lines: string[]) => lines.filter((line) => facts.some((fact) => line.startsWith(`${fact} `)));
  // The shell that sets the surroundings is the same in both, so what it adds is too; only its _ names what it runs.
  const exec = `${shell} exec env "_=underscore" "$@"`;
  const direct = only(await revealed(exec, [], program));
  const traced = only(await revealed(exec, iorWords(["stream", "-o", file("rows"), "--"]), program));
  assert.ok(direct.length > 0, `the program says nothing of ${facts.join(", ")}`);
  assert.deepEqual(traced, direct);
}

Deno.test("The command has the arguments it would have without ior, its own name among them", async () => {
  const program = await reveal();
  await compareRevealed("", [program, "", "a b", "$HOME", "*", "'\"\\", "a\nb", "-n"], "argument");
  const directory = program.slice(0, program.lastIndexOf("/"));
  await compareRevealed(`PATH=${directory}:$PATH;`, ["reveal"], "argument");
  await compareRevealed(`cd ${directory};`, ["./reveal"], "argument", "directory");
});

Deno.test("The command has the environment it would have without ior", async () => {
  await compareRevealed("", [await reveal()], "variable");
});

Deno.test("The command has the open descriptors it would have without ior", async () => {
  await compareRevealed(
    `exec 3</etc/passwd 4>>/dev/null 9<>/dev/zero 10</etc/group;`,
    [await reveal()],
    "fd",
  );
});

Deno.test("The command has the signals, mask, directory, priority and owner it would have without ior", async () => {
  // Not SIGPIPE: the runtime sets it before ior begins and leaves no trace of what it was.
  const shell = "trap '' HUP USR1; umask 027; cd /usr; renice -n 3 $$ >/dev/null;";
  await compareRevealed(
    shell,
    [await reveal()],
    "ignored",
    "blocked",
    "umask",
    "directory",
    "priority",
    "owner",
    "group",
  );
  await compareRevealed("", [await reveal()], "umask", "ignored", "blocked");
});

Deno.test("The command reads ior's standard input", async () => {
  const lines = await revealed(
    'exec "$@"',
    iorWords(["stream", "-o", file("rows"), "--"]),
    [await reveal()],
    {
      REVEAL_INPUT: "1",
    },
  );
  assert.ok(lines.includes("input from the caller"), lines.join("\n"));
});

Deno.test("A script without an interpreter line is run, and traced, as env runs it", async () => {
  const script = file("script");
  Deno.writeTextFileSync(script, "cat /dev/null\nexit 5\n", { mode: 0o755 });
  const output = file("rows");
  const { code } = await runIor(["stream", "--format", "ndjson", "-e", "openat", "-o", output, "--", script]);
  assert.equal(code, 5);
  assert.ok(readRows(output).rows.some(({ path }) => path === "/dev/null"));
});

Deno.test("Under sudo the command and ior's files belong to the calling user", async () => {
  const directory = scratchDirectory("owned");
  Deno.chownSync(directory, NOBODY, NOBODY);
  Deno.chmodSync(directory, 0o755);
  const output = `${directory}/rows`;
  const env = { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY), SUDO_USER: "nobody", HOME: "/root" };
  const args = ["stream", "--format", "ndjson", "-o", output, "--", await reveal()];
  const { code, stdout, stderr } = await runIor(args, { env: { ...Deno.env.toObject(), ...env } });
  assert.equal(code, 0, stderr);
  const lines = stdout.split("\n");
  const [, , , , , home] = Deno.readTextFileSync("/etc/passwd").split("\n").map((line) => line.split(":"))
    .find(([, , uid]) => uid === String(NOBODY))!;
  assert.ok(lines.includes(`owner ${NOBODY} ${NOBODY} ${NOBODY} ${NOBODY}`), stdout);
  assert.ok(!lines.includes("group 0"), stdout);
  for (const variable of [`HOME=${home}`, "USER=nobody", "LOGNAME=nobody"]) {
    assert.ok(lines.includes(`variable ${variable}`), `${variable} is not in\n${stdout}`);
  }
  const { rows } = readRows(output);
  assert.ok(rows.length > 0);
  assert.deepEqual([...new Set(rows.map((row) => row.uid))], [NOBODY]);
  const { uid, gid } = Deno.statSync(output);
  assert.deepEqual({ uid, gid }, { uid: NOBODY, gid: NOBODY });
});

Deno.test("A command that cannot be found ends ior with 127, one that cannot be executed with 126", async () => {
  const plain = file("plain");
  Deno.writeTextFileSync(plain, "text", { mode: 0o644 });
  const lost = file("lost");
  Deno.writeTextFileSync(lost, "#!/nonexistent/interpreter\n", { mode: 0o755 });
  const directory = scratchDirectory("directory");
  const cases: [command: string, code: number, text: RegExp][] = [
    ["no-such-command", 127, /^ior: Cannot find the command no-such-command\n {2}\S/],
    ["./no-such-command", 127, /^ior: Cannot find the command \.\/no-such-command\n {2}\S/],
    [plain, 126, /^ior: Cannot execute .*plain: it has no permission to be executed\n {2}\S/],
    [directory, 126, /^ior: Cannot execute .*: it is a directory\n {2}\S/],
    [lost, 127, /lost/],
  ];
  for (const [command, code, text] of cases) {
    const ran = await runIor(["trace", "--", command]);
    assert.equal(ran.code, code, `${command}: ${ran.stderr}`);
    assert.match(ran.stderr, text);
  }
  const [command, ...words] = iorWords(["trace", "--", `${directory}/program`]);
  const onDisk = await outcome(
    new Deno.Command("unshare", {
      args: [
        "-m",
        "sh",
        "-c",
        'mount -t tmpfs -o noexec none "$0" && cp /bin/true "$0/program" && exec "$@"',
        directory,
        command,
        ...words,
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
  assert.equal(onDisk.code, 126, onDisk.stderr);
  assert.match(onDisk.stderr, /program: its mode permits it, and the system does not\n {2}Check .* noexec/);
  // As the calling user, who may execute less than root.
  const secret = file("secret");
  Deno.writeTextFileSync(secret, "#!/bin/sh\n", { mode: 0o700 });
  const env = { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY), SUDO_USER: "nobody" };
  const ran = await runIor(["trace", "--", secret], { env });
  assert.equal(ran.code, 126, ran.stderr);
  await nothingLeftBehind();
});

Deno.test("A command that ends at once leaves a whole trace and nothing in the kernel", async () => {
  for (let i = 0; i < 3; i++) {
    const { code, stdout } = await outcome(
      startIor(["stream", "--format", "ndjson", "--family", "all", "--", "true"]),
    );
    assert.equal(code, 0);
    const { rows } = parseRows(stdout);
    assert.deepEqual([rows[0].syscall, rows.at(-1)!.syscall], ["execve", "exit_group"]);
  }
  await nothingLeftBehind();
});
