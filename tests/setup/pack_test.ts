import assert from "node:assert/strict";
import { VERSION } from "../../runtime/version.ts";
import { packedFile, writeProgram } from "../../setup/pack.ts";
import { testSeed } from "../engine/batches.ts";
import { ROOT } from "../gates/tree.ts";
import { settlePrograms } from "../settled.ts";

const ARCH = Deno.build.arch === "x86_64" ? "x86_64" : "arm64";
const IS_ROOT = Deno.uid() === 0;
const NOBODY = 65534;

/** In the place of Deno: shows what it was started with. */
const SHOWING = `#!/bin/sh
printf '%s|' "$@"
echo "$DENO_DIR|$IOR_CALLER_DENO_DIR|$IOR_FRONT|$MALLOC_ARENA_MAX"
`;

/** A packed file of small parts, with a home. */
class Packed implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly home = `${this.folder}/home`;
  readonly ior = `${this.folder}/ior`;

  static async of(files: Record<string, string | Uint8Array>, level?: number): Promise<Packed> {
    const packed = new Packed();
    Deno.mkdirSync(packed.home);
    const parts = Object.entries(files).map(([name, content]) => {
      const path = `${packed.folder}/${name}`;
      Deno.writeFileSync(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
      return { name, path, mode: name === "deno" ? 0o755 : 0o644 };
    });
    writeProgram(packed.ior, await packedFile(ROOT, parts, level));
    settlePrograms(packed.ior);
    return packed;
  }

  command(
    args: string[] = [],
    env: Record<string, string> = { HOME: this.home },
    options: Deno.CommandOptions = {},
  ) {
    // Another user may not enter the folder of the checkout.
    return new Deno.Command(this.ior, { args, env, clearEnv: true, cwd: "/", stdin: "null", ...options });
  }

  start(...options: Parameters<Packed["command"]>) {
    return told(this.command(...options).outputSync());
  }

  /** What a script of a shell shows, which starts it. */
  byShell(script: string, options: Deno.CommandOptions = {}) {
    return told(
      new Deno.Command("sh", { args: ["-c", script], env: { HOME: this.home }, cwd: "/", ...options })
        .outputSync(),
    );
  }

  /** Folder of what was unpacked, in a folder of caches. */
  tree(caches = `${this.home}/.cache`): string {
    const names = [...Deno.readDirSync(`${caches}/ior`)].map(({ name }) => name);
    return `${caches}/ior/${names.find((name) => name.startsWith("packed-"))}`;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function told({ code, stdout, stderr }: Deno.CommandOutput) {
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("A packed file unpacks itself once, and starts the runtime as the launcher does", async () => {
  using packed = await Packed.of({ deno: SHOWING, "main.mjs": "main" });
  const first = packed.start(["trace", "--", "a  b", ""], { HOME: packed.home, DENO_DIR: "/mine" });
  const tree = packed.tree();
  assert.equal(first.stderr, `ior: unpacking into ${tree}\n`);
  assert.match(
    first.stdout,
    /^run\|--v8-flags=[^|]*\|--quiet\|--no-prompt\|--cached-only\|--no-lock\|--no-config\|/,
  );
  assert.ok(first.stdout.includes("|--allow-ffi|--allow-run|--allow-write|"), first.stdout);
  assert.ok(
    first.stdout.endsWith(
      `|${tree}/main.mjs|trace|--|a  b||${packed.home}/.cache/ior/deno_dir|/mine|${packed.ior}|01\n`,
    ),
    first.stdout,
  );
  assert.equal(first.code, 0);
  const second = packed.start(["report", "run.parquet"]);
  assert.equal(second.stderr, "");
  assert.ok(!second.stdout.includes("--allow-ffi"), second.stdout);
  assert.ok(packed.start(["serve"]).stdout.includes("|--allow-net|"));
  assert.equal(Deno.statSync(tree).mode! & 0o777, 0o700);
});

Deno.test("A packed file knows its version without unpacking anything", async () => {
  using packed = await Packed.of({ deno: SHOWING });
  for (const word of ["--version", "-V", "version"]) {
    assert.deepEqual(packed.start([word], {}), { code: 0, stdout: `ior ${VERSION}\n`, stderr: "" });
  }
  assert.deepEqual([...Deno.readDirSync(packed.home)], []);
  for (const output of ["/dev/full", "&-"]) {
    const { code, stderr } = packed.byShell(`exec ${packed.ior} --version >${output}`);
    assert.equal(code, 1, output);
    assert.equal(stderr, "ior: Cannot write to standard output\n  Check the space on its device\n");
  }
});

Deno.test("Whatever is packed comes out as it was", async () => {
  let state = testSeed();
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  const bytes = (count: number, of: number) => Uint8Array.from({ length: count }, () => random() % of);
  for (const level of [0, 1, 6, 9]) {
    const files: Record<string, Uint8Array> = {
      noise: bytes(200_000 + random() % 1000, 256), // stored blocks
      letters: bytes(300_000 + random() % 1000, 4),
      far: new Uint8Array([...bytes(32_768, 256), ...new Uint8Array(70_000), ...bytes(9, 256)]),
      one: bytes(1, 256),
    };
    files.repeated = new Uint8Array([...files.noise.subarray(0, 30_000), ...files.noise.subarray(0, 30_000)]);
    using packed = await Packed.of({ deno: SHOWING, ...files }, level);
    assert.equal(packed.start().code, 0, `level ${level}`);
    for (const [name, content] of Object.entries(files)) {
      assert.deepEqual(Deno.readFileSync(`${packed.tree()}/${name}`), content, `${name}, level ${level}`);
    }
  }
});

Deno.test("A file that was changed, cut, removed or replaced is unpacked again before anything runs", async () => {
  using packed = await Packed.of({ deno: SHOWING, "main.mjs": "main" });
  const before = packed.start();
  const deno = `${packed.tree()}/deno`;
  const changes: Record<string, () => void> = {
    changed: () => Deno.writeTextFileSync(deno, SHOWING.replace("echo", "ECHO")),
    cut: () => Deno.truncateSync(deno, 10),
    removed: () => Deno.removeSync(deno),
    "a link": () => {
      Deno.renameSync(deno, `${packed.folder}/elsewhere`);
      Deno.symlinkSync(`${packed.folder}/elsewhere`, deno);
    },
    "not to be run": () => Deno.chmodSync(deno, 0o644),
    "left half done": () => {
      Deno.removeSync(deno);
      Deno.writeTextFileSync(`${deno}.new`, "half");
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    change();
    const { code, stdout, stderr } = packed.start();
    assert.deepEqual([code, stdout], [0, before.stdout], what);
    assert.match(stderr, /^ior: unpacking into .*\n$/, what);
    assert.equal(Deno.readTextFileSync(deno), SHOWING, what);
    assert.equal(packed.start().stderr, "", what);
  }
});

Deno.test("Several that start at once all start, and one of them unpacks", async () => {
  using packed = await Packed.of({ deno: SHOWING, "main.mjs": "x".repeat(1_000_000) });
  const all = await Promise.all(Array.from({ length: 6 }, () => packed.command(["help"]).output()));
  const results = all.map(told);
  assert.deepEqual(results.map(({ code }) => code), [0, 0, 0, 0, 0, 0]);
  assert.equal(results.filter(({ stderr }) => stderr !== "").length, 1);
});

Deno.test("A packed file that is not whole says so", async () => {
  using packed = await Packed.of({ deno: SHOWING, "main.mjs": "x".repeat(10_000) });
  const whole = Deno.readFileSync(packed.ior);
  const wrong = `ior: Cannot start ${packed.ior}: it is damaged or incomplete\n` +
    "  Copy it again, or make it again: deno task pack\n";
  const front = Deno.statSync(`${ROOT}/launch/ior-front.${ARCH}`).size;
  const flipped = (at: number) => whole.map((byte, i) => i === at ? byte ^ 1 : byte);
  for (
    const [what, bytes] of [
      ["cut", whole.subarray(0, -8)],
      ["without anything", whole.subarray(0, front)],
      ["another list", flipped(whole.length - 120)],
      ["another digest of the list", flipped(whole.length - 70)],
      ["another place of the list", flipped(whole.length - 90)],
      ["a version without an end", flipped(whole.length - 17)],
      ["another packed file", flipped(Math.ceil(front / 8) * 8 + 20)],
    ] as const
  ) {
    Deno.writeFileSync(packed.ior, bytes);
    settlePrograms(packed.ior);
    const { code, stdout, stderr } = packed.start(["trace"]);
    assert.deepEqual([code, stdout, stderr.replace(/^ior: unpacking.*\n/, "")], [1, "", wrong], what);
  }
});

Deno.test("Without a folder of its own a packed file does not start, and says what it needs", async () => {
  using packed = await Packed.of({ deno: SHOWING });
  Deno.chmodSync(packed.folder, 0o755);
  Deno.chmodSync(packed.home, 0o555);
  const uid = IS_ROOT ? NOBODY : undefined;
  const refused = `: ${packed.home}/.cache/ior cannot be written, or not by this user alone, ` +
    "or its path is not UTF-8, or programs may not be run from it";
  for (
    const [env, why] of [
      [{}, ""],
      [{ HOME: packed.home }, refused],
      [{ HOME: "relative", XDG_CACHE_HOME: "relative" }, ""],
    ] as const
  ) {
    assert.deepEqual(packed.start([], env, { uid }), {
      code: 1,
      stdout: "",
      stderr: `ior: Cannot start ${packed.ior}: there is no folder to unpack it into${why}\n` +
        "  Set XDG_CACHE_HOME to a folder of this user's, on a disk that programs may be run from\n",
    });
  }
});

Deno.test("What was unpacked is used where nothing can be written any more, and the runtime keeps nothing there", async () => {
  using packed = await Packed.of({ deno: SHOWING });
  Deno.chmodSync(packed.folder, 0o755);
  if (IS_ROOT) Deno.chownSync(packed.home, NOBODY, NOBODY);
  const options = IS_ROOT ? { uid: NOBODY } : {};
  assert.equal(packed.start([], undefined, options).code, 0);
  const tree = packed.tree();
  Deno.chmodSync(tree.replace(/\/[^/]*$/, ""), 0o555);
  const { code, stdout, stderr } = packed.start([], undefined, options);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.ok(stdout.includes(`|${tree}/main.mjs|`) && stdout.includes("|/proc/ior|"), stdout);
  Deno.chmodSync(tree, 0o700);
  Deno.writeTextFileSync(`${tree}/deno`, "changed");
  Deno.chmodSync(tree, 0o555);
  assert.match(
    packed.start([], undefined, options).stderr,
    /^ior: Cannot unpack into .*: permission denied;/m,
  );
  for (const folder of [tree, tree.replace(/\/[^/]*$/, "")]) Deno.chmodSync(folder, 0o755);
});

Deno.test("Under a umask that lets others write, nothing that ior makes is theirs to change", async () => {
  const made = SHOWING + 'mkdir -p "$DENO_DIR"\n';
  using packed = await Packed.of({ deno: made });
  const start = () => packed.byShell(`umask 000; exec ${packed.ior}`);
  Deno.mkdirSync(`${packed.home}/.cache`);
  assert.equal(start().code, 0);
  for (const { name } of Deno.readDirSync(`${packed.home}/.cache/ior`)) {
    assert.equal(Deno.lstatSync(`${packed.home}/.cache/ior/${name}`).mode! & 0o022, 0, name);
  }
  const second = start();
  assert.deepEqual([second.code, second.stderr], [0, ""]);
});

Deno.test("Under a umask that lets not even their owner use files, it unpacks them, and the runtime has that umask", async () => {
  using packed = await Packed.of({ deno: "#!/bin/sh\numask\n" });
  Deno.chmodSync(packed.folder, 0o755);
  if (IS_ROOT) Deno.chownSync(packed.home, NOBODY, NOBODY);
  for (const start of ["first", "second"]) {
    const { code, stdout } = packed.byShell(`umask 0777; exec ${packed.ior}`, IS_ROOT ? { uid: NOBODY } : {});
    assert.deepEqual([code, stdout], [0, "0777\n"], start);
  }
});

Deno.test("The runtime gets no descriptors of the front's, and knows which were closed", async () => {
  const shown = "for n in 0 1 2 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$n ] || echo $n >&2; done\n" +
    "echo $IOR_STARTED >&2\n";
  using packed = await Packed.of({ deno: `#!/bin/sh\n${shown}` });
  // Without anything to unpack it looks for a folder of its own as well.
  writeProgram(`${packed.folder}/beside`, await packedFile(ROOT, []));
  settlePrograms(`${packed.folder}/beside`, `${packed.folder}/deno`);
  Deno.chmodSync(`${packed.folder}/deno`, 0o755);
  assert.equal(packed.start().code, 0);
  for (const ior of [packed.ior, `${packed.folder}/beside`]) {
    for (
      const [redirected, open, closed] of [["", "0 1 2", "0"], ["<&-", "1 2", "1"], ["<&- >&-", "2", "3"]]
    ) {
      const { stderr } = packed.byShell(`exec ${ior} trace ${redirected}`);
      const lines = stderr.trimEnd().split("\n");
      const note = lines.pop()!.split(" ");
      assert.deepEqual([lines.join(" "), note[3]], [open, closed], `${ior} ${redirected}`);
    }
  }
});

Deno.test("A packed file unpacks to where a folder of its user is, not to where a link on the way leads later", async () => {
  using packed = await Packed.of({ deno: SHOWING });
  const others = `${packed.folder}/others`;
  Deno.mkdirSync(others);
  Deno.symlinkSync(packed.home, `${others}/link`);
  if (IS_ROOT) Deno.chownSync(others, NOBODY, NOBODY);
  const { stdout } = packed.start([], { HOME: `${others}/link` });
  assert.ok(stdout.includes(`|${packed.tree()}/main.mjs|`), stdout);
  assert.ok(stdout.includes(`|${packed.home}/.cache/ior/deno_dir|`), stdout);
});

Deno.test("A folder with a name that is not UTF-8, which the runtime cannot open, is passed over", async () => {
  using packed = await Packed.of({ deno: SHOWING });
  const { code, stdout } = packed.byShell(
    `mkdir "$HOME/$(printf 'caf\\351')"; XDG_CACHE_HOME="$HOME/$(printf 'caf\\351')" exec ${packed.ior}`,
  );
  assert.equal(code, 0);
  assert.ok(stdout.includes(`|${packed.tree()}/main.mjs|`), stdout);
});

Deno.test("A limit that is too low for a packed file is raised or reported, and is that of the command", async () => {
  const bytes = 40 * 2 ** 20;
  using packed = await Packed.of({ deno: '#!/bin/sh\necho "$IOR_STARTED"', large: new Uint8Array(bytes) }, 1);
  Deno.chmodSync(packed.folder, 0o755);
  const limited = (how: string, options?: Deno.CommandOptions) =>
    packed.byShell(`${how}; exec ${packed.ior} trace`, options);
  const limits = (note: string) => note.trimEnd().split(" ").slice(6).join(" ");
  for (const how of ["ulimit -Sv 20000", "ulimit -Sn 16"]) {
    const { code, stdout, stderr } = limited(how);
    assert.equal(code, 0, stderr);
    const soft = how.endsWith("16") ? "7 16 " : `9 ${20000 * 1024} `;
    assert.ok(limits(stdout).includes(soft), stdout);
  }
  const options = IS_ROOT ? { uid: NOBODY } : {};
  for (const how of ["ulimit -v 20000", "ulimit -n 16"]) {
    const { code, stderr } = limited(how, options);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^ior: Cannot start: the limit of .* is \d+.*, at least \d+ is needed\n {2}Raise it: ulimit/,
    );
  }
});

Deno.test("A limit on the size of files is reported with the way to raise it", async () => {
  using packed = await Packed.of({ deno: SHOWING + "#".repeat(100_000) });
  const { code, stderr } = packed.byShell(`ulimit -f 10; exec ${packed.ior}`);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /: the limit on the size of files is too low; .*\n {2}Raise it: ulimit -f unlimited\n$/,
  );
});

Deno.test({
  name: "Root unpacks nothing into a folder of others" +
    (IS_ROOT ? "" : " (skipped: only root makes files of others)"),
  ignore: !IS_ROOT,
  fn: async () => {
    using packed = await Packed.of({ deno: SHOWING });
    const own = { HOME: packed.home };
    packed.start();
    const tree = packed.tree();
    for (const path of [packed.home, `${packed.home}/.cache/ior`]) {
      Deno.chownSync(path, NOBODY, null);
      const { code, stdout } = packed.start([], { XDG_CACHE_HOME: `${packed.folder}/own`, ...own });
      assert.equal(code, 0);
      assert.ok(stdout.includes(`|${packed.folder}/own/ior/packed-`), stdout);
      Deno.chownSync(path, 0, null);
    }
    Deno.writeTextFileSync(`${tree}/planted`, "");
    Deno.chownSync(`${tree}/planted`, NOBODY, null);
    const { code, stderr } = packed.start([], own);
    assert.deepEqual(
      [code, /^ior: Cannot unpack into .*: permission denied; /.test(stderr)],
      [1, true],
      stderr,
    );
  },
});

Deno.test("Without anything appended but its end, the front looks beside itself", async () => {
  using packed = await Packed.of({ deno: SHOWING });
  const installed = `${packed.folder}/lib`;
  Deno.mkdirSync(installed);
  writeProgram(`${installed}/ior`, await packedFile(ROOT, []));
  Deno.writeTextFileSync(`${installed}/deno`, SHOWING, { mode: 0o755 });
  settlePrograms(`${installed}/ior`, `${installed}/deno`);
  Deno.symlinkSync("lib/ior", `${packed.folder}/link`);
  const env = IS_ROOT ? { HOME: "/none" } : { HOME: packed.home };
  const { code, stdout } = told(
    new Deno.Command(`${packed.folder}/link`, { args: ["probes"], env, clearEnv: true }).outputSync(),
  );
  assert.equal(code, 0);
  assert.ok(stdout.includes(`|${installed}/main.mjs|probes|`), stdout);
});

Deno.test("The digest of the front is BLAKE3", () => {
  const path = Deno.makeTempFileSync();
  try {
    for (
      const [text, digest] of [
        ["", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"],
        ["abc", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"],
      ]
    ) {
      Deno.writeTextFileSync(path, text);
      const front = `${ROOT}/launch/ior-front.${ARCH}`;
      assert.equal(
        told(new Deno.Command(front, { args: ["digest", path] }).outputSync()).stdout,
        `${digest}\n`,
      );
    }
  } finally {
    Deno.removeSync(path);
  }
});
