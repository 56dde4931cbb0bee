import assert from "node:assert/strict";
import { type CommandPlan, HeldCommand } from "../../engine/command.ts";
import { IorError } from "../../runtime/errors.ts";
import { settlePrograms } from "../settled.ts";

const ENVIRONMENT = { PATH: "/usr/bin:/bin", PWD: "/" };

function start(argv: string[], plan: Partial<CommandPlan> = {}): HeldCommand {
  return HeldCommand.start({
    argv,
    stdoutToStderr: false,
    user: null,
    environment: ENVIRONMENT,
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

/** The error that a start ends in; `null` when the command is held. */
async function refusal(
  argv: string[],
  environment: Record<string, string> = ENVIRONMENT,
): Promise<IorError | null> {
  const command = start(argv, { environment });
  try {
    await command.ready();
    return null;
  } catch (error) {
    assert.ok(error instanceof IorError, String(error));
    return error;
  } finally {
    command.abandon();
    assert.deepEqual(await command.ended, { exit: 125 });
  }
}

/** How a command ends that is let go at once. */
async function run(argv: string[], plan: Partial<CommandPlan> = {}) {
  const command = start(argv, plan);
  await command.ready();
  command.release();
  return await command.ended;
}

Deno.test("a command is held until it is let go, and its process stays the same", async () => {
  await inDirectory(async (directory) => {
    const file = `${directory}/ran`;
    const command = start(["sh", "-c", 'echo $$ > "$0"', file]);
    await command.ready();
    assert.equal(existsAt(file), false);
    assert.match(Deno.readTextFileSync(`/proc/${command.pid}/cmdline`), /\/ior-launch\.\w+\0gate\0/);
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

Deno.test("variables of any name arrive, and nobody else on the machine reads them", async () => {
  await inDirectory(async (directory) => {
    const file = `${directory}/environment`;
    const environment = { ...ENVIRONMENT, "BASH_FUNC_f%%": "() { :; }", "a.b": "c d", PLAIN: "=\n" };
    // Not through a shell: it would drop some.
    const command = start(["cp", "/proc/self/environ", file], { environment });
    await command.ready();
    assert.equal(Deno.readTextFileSync(`/proc/${command.pid}/cmdline`).includes("PLAIN"), false);
    command.release();
    assert.deepEqual(await command.ended, { exit: 0 });
    assert.deepEqual(
      Deno.readTextFileSync(file).split("\0").slice(0, -1),
      Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    );
  });
});

Deno.test("bytes of ior's own arguments and variables that are not UTF-8 reach the command as they are", async () => {
  await inDirectory(async (directory) => {
    const [command, words] = ["command.ts", "launch/own_start.ts"].map((file) =>
      import.meta.resolve(`../../engine/${file}`)
    );
    Deno.writeTextFileSync(
      `${directory}/start.ts`,
      `import { HeldCommand } from "${command}";
      import { ownWords } from "${words}";
      const command = HeldCommand.start(
        { argv: ownWords(Deno.args), stdoutToStderr: false, user: null, environment: null },
      );
      await command.ready();
      command.release();
      await command.ended;`,
    );
    // The runtime starts programs with text only: a shell has to make the bytes.
    const script = `export V="$(printf 'v\\351')"; ` +
      `exec "$0" run --allow-all --no-config --no-check "$1" /usr/bin/env -u PWD W="$(printf 'w\\377')" ` +
      `sh -c 'printf %s%s "$V" "$W"'`;
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", script, Deno.execPath(), `${directory}/start.ts`],
      stdin: "null",
    }).output();
    assert.deepEqual([...stdout], [0x76, 0xe9, 0x77, 0xff]);
  });
});

Deno.test("the command has the standard descriptors and not the gate's", async () => {
  await inDirectory(async (directory) => {
    const file = `${directory}/descriptors`;
    const command = start(["sh", "-c", 'ls /proc/$$/fd > "$0"; exit 0', file]);
    await command.ready();
    const gate = Number(Deno.readTextFileSync(`/proc/${command.pid}/cmdline`).split("\0")[2]);
    command.release();
    await command.ended;
    // Whoever runs the tests may have left others open.
    const open = Deno.readTextFileSync(file).trim().split("\n").map(Number);
    assert.deepEqual([0, 1, 2].filter((fd) => !open.includes(fd)), []);
    assert.ok(gate > 2 && !open.includes(gate), `${gate} is open: ${open}`);
  });
});

Deno.test("a command's standard output goes to standard error when ior's own data goes to standard output", async () => {
  const code = `import { HeldCommand } from "${import.meta.resolve("../../engine/command.ts")}";
    const command = HeldCommand.start({
      argv: ["sh", "-c", "echo data; echo words >&2"],
      stdoutToStderr: Deno.args[0] === "yes",
      user: null,
      environment: { PATH: "/usr/bin:/bin" },
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

Deno.test("a command that is not there is told before it is let go", async () => {
  const byName = (await refusal(["ior-no-such-command"]))!;
  assert.equal(byName.code, "command_not_found");
  assert.equal(byName.message, "Cannot find the command ior-no-such-command");
  assert.equal(byName.hint, "Check the name, or give the path of the program");
  const byPath = (await refusal(["/no/such/program"]))!;
  assert.equal(byPath.code, "command_not_found");
  assert.equal(byPath.message, "Cannot find the command /no/such/program");
  assert.equal(byPath.hint, "Check the path");
});

Deno.test("a command without a name is not found", async () => {
  assert.equal((await refusal([""]))!.code, "command_not_found");
});

Deno.test("a command that cannot be executed says why", async () => {
  await inDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/plain`, "#!/bin/sh\n", { mode: 0o644 });
    const plain = (await refusal([`${directory}/plain`]))!;
    assert.equal(plain.code, "command_not_executable");
    assert.equal(plain.message, `Cannot execute ${directory}/plain: it has no permission to be executed`);
    assert.equal(plain.hint, `Allow it: chmod +x ${directory}/plain`);
    const folder = (await refusal([directory]))!;
    assert.equal(folder.code, "command_not_executable");
    assert.equal(folder.message, `Cannot execute ${directory}: it is a directory`);
    assert.equal(
      folder.hint,
      `Name a program; ior stream, flame and top read it as a recording with ${directory}/ or --from ${directory}`,
    );
  });
});

Deno.test("a directory that is no command is told by its name alone, too", async () => {
  const name = [...Deno.readDirSync(Deno.cwd())].find(({ isDirectory }) => isDirectory)!.name;
  const error = (await refusal([name], { PATH: "/usr/bin:/bin" }))!;
  assert.deepEqual([error.code, error.message, error.hint], [
    "command_not_found",
    `Cannot find the command ${name}: it is a directory`,
    `Name a program; ior stream, flame and top read it as a recording with ${name}/ or --from ${name}`,
  ]);
});

Deno.test("a name is searched in every part of PATH, also past what cannot be executed", async () => {
  await inDirectory(async (directory) => {
    for (const part of ["a", "b", "c"]) Deno.mkdirSync(`${directory}/${part}`);
    Deno.writeTextFileSync(`${directory}/a/tool`, "", { mode: 0o644 });
    Deno.mkdirSync(`${directory}/b/tool`);
    const environment = {
      PATH: `${directory}/none:${directory}/a:${directory}/b:${directory}/c:/usr/bin:/bin`,
    };
    const error = (await refusal(["tool"], environment))!;
    assert.equal(error.code, "command_not_executable");
    assert.match(error.message, /\/a\/tool: it has no permission/);
    Deno.writeTextFileSync(`${directory}/c/tool`, "#!/bin/sh\n", { mode: 0o755 });
    assert.equal(await refusal(["tool"], environment), null);
  });
});

Deno.test("an empty part of PATH is the working directory, as for execvp", async () => {
  const name = [...Deno.readDirSync(Deno.cwd())].find(({ isDirectory }) => isDirectory)!.name;
  for (const PATH of ["", ":/usr/bin", "/usr/bin:"]) {
    assert.equal((await refusal([name], { PATH }))?.message, `Cannot execute ${name}: it is a directory`);
  }
});

Deno.test("without PATH a command is searched where the C library looks", async () => {
  assert.equal(await refusal(["sh"], {}), null);
  assert.equal((await refusal(["ior-no-such-command"], {}))!.code, "command_not_found");
});

Deno.test("a PATH without a shell in it does not matter", async () => {
  await inDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/tool`, "#!/bin/sh\nexit 9\n", { mode: 0o755 });
    settlePrograms(`${directory}/tool`);
    assert.deepEqual(await run(["tool"], { environment: { PATH: directory } }), { exit: 9 });
  });
});

Deno.test("a command may have variables beside its own, also beside those ior was started with, and nothing to read", async () => {
  const script = '[ "$ADDED" = "a b" ] && [ -n "$PATH" ] && ! read -r line && exit 6';
  for (const environment of [ENVIRONMENT, null]) {
    const plan = { environment, added: { ADDED: "a b" }, readsNothing: true };
    assert.deepEqual(await run(["sh", "-c", script], plan), { exit: 6 });
  }
});

Deno.test("a script without a first line that names its interpreter is run by the shell, as by execvp", async () => {
  await inDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/script`, `[ "$0 $1" = "${directory}/script a b" ] && exit 7`, {
      mode: 0o755,
    });
    settlePrograms(`${directory}/script`);
    assert.deepEqual(await run([`${directory}/script`, "a b"]), { exit: 7 });
  });
});

Deno.test("a user that no process can have is an error, never a run as another", () => {
  // All ones mean "as it is" to the kernel, and one more would be root once it is cut to 32 bits.
  for (const [uid, gid] of [[2 ** 32 - 1, 1], [2 ** 32, 1], [1, 2 ** 32]]) {
    const user = { uid, gid, name: "nobody-at-all", home: null };
    assert.throws(
      () => start(["true"], { user }),
      /^IorError: Cannot run the command as user \d+ of group \d+:/,
    );
  }
});

Deno.test({
  name: "a command of another user has its groups, and nothing of root's" +
    (Deno.uid() === 0 ? "" : " (skipped: only root starts commands as others)"),
  ignore: Deno.uid() !== 0,
  async fn() {
    await inDirectory(async (directory) => {
      Deno.chmodSync(directory, 0o777);
      const file = `${directory}/status`;
      const user = { uid: 65534, gid: 65534, name: "nobody", home: null };
      assert.deepEqual(await run(["cp", "/proc/self/status", file], { user }), { exit: 0 });
      const status = Deno.readTextFileSync(file);
      assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
      assert.match(status, /^Gid:\t65534\t65534\t65534\t65534$/m);
      assert.match(status, /^Groups:\t65534 *$/m);
      assert.match(status, /^CapEff:\t0+$/m);
    });
  },
});

Deno.test("what the kernel does not start ends as env ends it, and says why", async () => {
  const code = `import { HeldCommand } from "${import.meta.resolve("../../engine/command.ts")}";
    const command = HeldCommand.start({
      argv: Deno.args.map((word) => word === "long" ? "x".repeat(200_000) : word),
      stdoutToStderr: false,
      user: null,
      environment: {},
    });
    await command.ready();
    command.release();
    console.log(JSON.stringify(await command.ended));`;
  await inDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/lost`, "#!/no/such/interpreter\n", { mode: 0o755 });
    settlePrograms(`${directory}/lost`);
    for (
      const [argv, exit, text] of [
        // One argument longer than MAX_ARG_STRLEN of include/uapi/linux/binfmts.h.
        [["true", "long"], 126, /^ior: Cannot execute true: its arguments or variables are too long\n {2}\S/],
        [[`${directory}/lost`], 127, /^ior: Cannot execute \S+\/lost: its interpreter was not found\n {2}\S/],
      ] as const
    ) {
      const output = await new Deno.Command(Deno.execPath(), {
        args: ["eval", "--no-config", code, ...argv],
        stdin: "null",
      }).output();
      assert.deepEqual(JSON.parse(new TextDecoder().decode(output.stdout)), { exit });
      assert.match(new TextDecoder().decode(output.stderr), text);
    }
  });
});
