import assert from "node:assert/strict";
import { type CommandPlan, HeldCommand } from "../../engine/command.ts";
import { IorError } from "../../runtime/errors.ts";

const ENVIRONMENT = { PATH: "/usr/bin:/bin", PWD: "/" };

function start(argv: string[], plan: Partial<CommandPlan> = {}): HeldCommand {
  return HeldCommand.start({
    argv,
    stdoutToStderr: false,
    user: null,
    environment: ENVIRONMENT,
    gateDescriptor: 3,
    ...plan,
  });
}

/** A directory of its own for the length of `use`. */
async function inDirectory(use: (directory: string) => Promise<void> | void): Promise<void> {
  const directory = Deno.makeTempDirSync();
  try {
    await use(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function existsAt(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The error that starting throws. */
function refusal(argv: string[], environment: Record<string, string> = ENVIRONMENT): IorError {
  try {
    start(argv, { environment }).abandon();
  } catch (error) {
    assert.ok(error instanceof IorError, String(error));
    return error;
  }
  assert.fail(`${argv} was started`);
}

Deno.test("a command is held until it is let go, and its process stays the same", async () => {
  await inDirectory(async (directory) => {
    const file = `${directory}/ran`;
    const command = start(["sh", "-c", 'echo $$ > "$0"', file]);
    await command.ready();
    assert.equal(existsAt(file), false);
    assert.match(Deno.readTextFileSync(`/proc/${command.pid}/cmdline`), /^(?:\S*\/)?sh\0-c\0/);
    command.release();
    assert.deepEqual(await command.ended, { exit: 0 });
    assert.equal(Deno.readTextFileSync(file), `${command.pid}\n`);
  });
});

Deno.test("a command that is given up is never run", async () => {
  await inDirectory(async (directory) => {
    const command = start(["touch", `${directory}/ran`]);
    await command.ready();
    command.abandon();
    assert.deepEqual(await command.ended, { exit: 125 });
    assert.equal(existsAt(`${directory}/ran`), false);
  });
});

Deno.test("a command may be given up before it is ready", async () => {
  await inDirectory(async (directory) => {
    const command = start(["touch", `${directory}/ran`]);
    command.abandon();
    assert.notDeepEqual(await command.ended, { exit: 0 });
    assert.equal(existsAt(`${directory}/ran`), false);
  });
});

Deno.test("the status or the signal of a command is told", async () => {
  const cases: [string, object][] = [
    ["exit 0", { exit: 0 }],
    ["exit 7", { exit: 7 }],
    ["exit 255", { exit: 255 }],
    ["kill -TERM $$", { signal: "SIGTERM" }],
    ["kill -KILL $$", { signal: "SIGKILL" }],
  ];
  for (const [script, status] of cases) {
    const command = start(["sh", "-c", script]);
    await command.ready();
    command.release();
    assert.deepEqual(await command.ended, status, script);
  }
});

Deno.test("arguments arrive as they are", async () => {
  await inDirectory(async (directory) => {
    const file = `${directory}/arguments`;
    const given = ["a b", "", "$HOME", "'\"", "-x", "*", "é\n", "--"];
    const command = start(["sh", "-c", 'printf "%s\\0" "$@" > "$0"', file, ...given]);
    await command.ready();
    command.release();
    await command.ended;
    assert.deepEqual(Deno.readTextFileSync(file).split("\0").slice(0, -1), given);
  });
});

Deno.test("the environment is the one that was given, and nothing of the gate", async () => {
  await inDirectory(async (directory) => {
    const file = `${directory}/environment`;
    const environment = { ...ENVIRONMENT, EMPTY: "", TEXT: "a b\nc", go: "mine", A_LONG_NAME: "=" };
    const command = start(["sh", "-c", 'cat /proc/$$/environ > "$0"', file], { environment });
    await command.ready();
    command.release();
    await command.ended;
    const found = Object.fromEntries(
      Deno.readTextFileSync(file).split("\0").slice(0, -1).map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)];
      }),
    );
    // Shells set these themselves.
    for (const name of ["_", "OLDPWD", "SHLVL"]) delete found[name];
    assert.deepEqual(found, { ...environment, PWD: found.PWD });
  });
});

Deno.test("a variable whose name is none to a shell arrives too, one exec further", async () => {
  await inDirectory(async (directory) => {
    const file = `${directory}/environment`;
    const environment = { ...ENVIRONMENT, "BASH_FUNC_f%%": "() { :; }", "a.b": "c d", PLAIN: "=\n" };
    // Not through a shell: it would drop them again.
    const command = start(["cp", "/proc/self/environ", file], { environment });
    assert.equal(command.execs, 2);
    await command.ready();
    // A command line is readable by everyone on the machine, an environment is not.
    const words = Deno.readTextFileSync(`/proc/${command.pid}/cmdline`);
    assert.equal(words.includes("PLAIN"), false, "an ordinary variable is on the command line");
    command.release();
    assert.deepEqual(await command.ended, { exit: 0 });
    const found = Deno.readTextFileSync(file).split("\0");
    for (const [name, value] of Object.entries(environment)) {
      if (name !== "PWD") assert.ok(found.includes(`${name}=${value}`), `${name} is missing: ${found}`);
    }
  });
});

Deno.test("ordinary variables cost no exec of their own", async () => {
  const command = start(["true"]);
  assert.equal(command.execs, 1);
  await command.ready();
  command.release();
  await command.ended;
});

Deno.test("the command has the standard descriptors and not the gate's, whichever that was", async () => {
  for (const gateDescriptor of [3, 9]) {
    await inDirectory(async (directory) => {
      const file = `${directory}/descriptors`;
      const command = start(["sh", "-c", 'ls /proc/$$/fd > "$0"; exit 0', file], { gateDescriptor });
      await command.ready();
      command.release();
      await command.ended;
      // Whoever runs the tests may have left others open.
      const open = Deno.readTextFileSync(file).trim().split("\n").map(Number);
      assert.deepEqual([0, 1, 2].filter((fd) => !open.includes(fd)), []);
      assert.equal(open.includes(gateDescriptor), false, `${gateDescriptor} is open: ${open}`);
    });
  }
});

Deno.test("a command's standard output goes to standard error when ior's own data goes to standard output", async () => {
  const code = `import { HeldCommand } from "${import.meta.resolve("../../engine/command.ts")}";
    const command = HeldCommand.start({
      argv: ["sh", "-c", "echo data; echo words >&2"],
      stdoutToStderr: Deno.args[0] === "yes",
      user: null,
      environment: { PATH: "/usr/bin:/bin" },
      gateDescriptor: 3,
      gateDescriptor: 3,
    });
    await command.ready();
    command.release();
    await command.ended;`;
  for (const [moved, stdout, stderr] of [["yes", "", "data\nwords\n"], ["no", "data\n", "words\n"]]) {
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", code, moved],
      stdin: "null",
    }).output();
    assert.equal(new TextDecoder().decode(output.stdout), stdout);
    assert.equal(new TextDecoder().decode(output.stderr), stderr);
  }
});

Deno.test("a command that is not there is told before anything is started", () => {
  const byName = refusal(["ior-no-such-command"]);
  assert.equal(byName.code, "command_not_found");
  assert.equal(byName.message, "Cannot find the command ior-no-such-command");
  assert.equal(byName.hint, "Check the name, or give the path of the program");
  const byPath = refusal(["/no/such/program"]);
  assert.equal(byPath.code, "command_not_found");
  assert.equal(byPath.message, "Cannot find the command /no/such/program");
  assert.equal(byPath.hint, "Check the path");
});

Deno.test("a command without a name is not found", () => {
  assert.equal(refusal([""]).code, "command_not_found");
});

Deno.test("a command that cannot be executed says why", async () => {
  await inDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/plain`, "#!/bin/sh\n", { mode: 0o644 });
    const plain = refusal([`${directory}/plain`]);
    assert.equal(plain.code, "command_not_executable");
    assert.equal(plain.message, `Cannot execute ${directory}/plain: it has no permission to be executed`);
    assert.equal(plain.hint, `Allow it: chmod +x ${directory}/plain`);
    const folder = refusal([directory]);
    assert.equal(folder.code, "command_not_executable");
    assert.equal(folder.message, `Cannot execute ${directory}: it is a directory`);
    assert.equal(folder.hint, "Name a program");
  });
});

Deno.test("a name is searched in every part of PATH, also past what cannot be executed", async () => {
  await inDirectory((directory) => {
    for (const part of ["a", "b", "c"]) Deno.mkdirSync(`${directory}/${part}`);
    Deno.writeTextFileSync(`${directory}/a/tool`, "", { mode: 0o644 });
    Deno.mkdirSync(`${directory}/b/tool`);
    const environment = {
      PATH: `${directory}/none:${directory}/a:${directory}/b:${directory}/c:/usr/bin:/bin`,
    };
    const error = refusal(["tool"], environment);
    assert.equal(error.code, "command_not_executable");
    assert.match(error.message, /\/a\/tool: it has no permission/);
    Deno.writeTextFileSync(`${directory}/c/tool`, "#!/bin/sh\n", { mode: 0o755 });
    assert.throws(() => refusal(["tool"], environment), /was started/);
  });
});

Deno.test("without PATH a command is searched where the C library looks", () => {
  assert.throws(() => refusal(["sh"], {}), /was started/);
  assert.equal(refusal(["ior-no-such-command"], {}).code, "command_not_found");
});

Deno.test("a PATH without a shell in it does not matter", async () => {
  await inDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/tool`, "#!/bin/sh\nexit 9\n", { mode: 0o755 });
    const command = start(["tool"], { environment: { PATH: directory } });
    await command.ready();
    command.release();
    assert.deepEqual(await command.ended, { exit: 9 });
  });
});

Deno.test("a user that a command cannot be started as is an error, never a run as another", async () => {
  await inDirectory(async (directory) => {
    Deno.chmodSync(directory, 0o777);
    // No such user: root is refused by setpriv, everyone else by the kernel.
    const user = { uid: 3_999_999_999, gid: 3_999_999_999, name: "nobody-at-all", home: null };
    const command = start(["touch", `${directory}/ran`], { user });
    await assert.rejects(command.ready(), (error) => {
      assert.ok(error instanceof IorError, String(error));
      assert.match(error.message, /^Cannot start the command through \S*setpriv\b/);
      return true;
    });
    command.release();
    assert.equal(existsAt(`${directory}/ran`), false);
  });
});

Deno.test("a command that the kernel does not start is an error of ior's own kind", async () => {
  // One argument longer than MAX_ARG_STRLEN of include/uapi/linux/binfmts.h.
  const command = start(["true", "x".repeat(200_000)]);
  await assert.rejects(command.ready(), (error) => {
    assert.ok(error instanceof IorError, String(error));
    assert.equal(error.code, "runtime");
    assert.match(error.message, /^Cannot start the command/);
    return true;
  });
  await assert.rejects(command.ended, IorError);
  command.abandon();
});
