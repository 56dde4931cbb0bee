import assert from "node:assert/strict";
import { VERSION } from "../../runtime/version.ts";
import { ROOT } from "../gates/tree.ts";
import { settlePrograms } from "../settled.ts";

/** A user without a home of its own; only root can run a command as another user. */
const NOBODY = Deno.uid() === 0 ? 65534 : undefined;

const NOT_ROOT = NOBODY === undefined ? " (skipped: only root makes files of others)" : "";

const ARCH = Deno.build.arch === "x86_64" ? "x86_64" : "arm64";

/** A stand-in for Deno: answers `--version`, and shows how it was run. */
const fakeDeno = (version: string) =>
  `#!/bin/sh
case $1 in
  --version) echo "deno ${version} (stable, release)"; echo asked >>"$0.asked" ;;
  install) echo fetched >>"$0.fetched" ;;
  *) [ "$1" != run ] || printf '<%s>' "$@"; exit 7 ;;
esac
`;

/** A checkout with the real launcher, a home and a folder of commands, all in a folder with a space in its name. */
class Machine implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "with space " });
  readonly home = `${this.folder}/home`;
  readonly bin = `${this.folder}/bin`;

  constructor() {
    for (const name of ["home", "bin", "checkout", "checkout/setup", "checkout/launch"]) {
      Deno.mkdirSync(`${this.folder}/${name}`);
    }
    for (
      const name of ["ior", "setup/deno.sh", "setup/packages.sh", "setup/bundle.sh", "deno.json", "deno.lock"]
    ) {
      Deno.copyFileSync(`${ROOT}/${name}`, `${this.folder}/checkout/${name}`);
    }
    for (const { name } of Deno.readDirSync(`${ROOT}/launch`)) {
      Deno.copyFileSync(`${ROOT}/launch/${name}`, `${this.folder}/checkout/launch/${name}`);
    }
    const launch = [...Deno.readDirSync(`${ROOT}/launch`)].map(({ name }) => `launch/${name}`);
    settlePrograms(...["ior", ...launch].map((name) => `${this.folder}/checkout/${name}`));
    // The launcher must find a libbpf, or as root it would install one.
    this.program("bin/ldconfig", "#!/bin/sh\necho ' libbpf.so.1 (libc6,x86-64) => /libbpf.so.1'\n");
  }

  /** Puts an executable file below the machine's folder, and returns its path. */
  program(path: string, text: string): string {
    Deno.mkdirSync(`${this.folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${this.folder}/${path}`, text, { mode: 0o755 });
    settlePrograms(`${this.folder}/${path}`);
    return `${this.folder}/${path}`;
  }

  start(
    args: string[] = [],
    env: Record<string, string> = {},
    { launcher = `${this.folder}/checkout/ior`, uid, cwd = "/" }: {
      launcher?: string;
      uid?: number;
      cwd?: string;
    } = {},
  ) {
    const { code, stdout, stderr } = new Deno.Command(launcher, {
      uid,
      args,
      cwd,
      clearEnv: true,
      env: { HOME: this.home, PATH: `${this.bin}:/usr/bin:/bin`, ...env },
      stdin: "null",
    }).outputSync();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  exists(path: string): boolean {
    return [...Deno.readDirSync(`${this.folder}/${path}`.replace(/\/[^/]*$/, ""))]
      .some(({ name }) => path.endsWith(`/${name}`));
  }

  lines(path: string): number {
    return Deno.readTextFileSync(`${this.folder}/${path}`).split("\n").length - 1;
  }

  [Symbol.dispose]() {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** The path that the helper gives for a folder that it calls ours; `null` for another. */
function ownPath(path: string): string | null {
  const { success, stdout } = new Deno.Command(`${ROOT}/launch/ior-launch.${ARCH}`, { args: ["ours", path] })
    .outputSync();
  return success ? new TextDecoder().decode(stdout) : null;
}

Deno.test("The launcher hands arguments and status through, from any folder and through symlinks", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.9.6"));
  Deno.symlinkSync("../checkout/ior", `${machine.bin}/ior`);
  Deno.symlinkSync("ior", `${machine.bin}/again`);
  const args = ["trace", "--", "a  b", "$HOME", "*", ""];
  const { code, stdout } = machine.start(args, {}, { launcher: `${machine.bin}/again` });
  assert.equal(code, 7);
  assert.ok(stdout.endsWith("/cli/main.ts><trace><--><a  b><$HOME><*><>"), stdout);
});

Deno.test("What only reads or prints starts without privileges, what may trace does not", () => {
  using machine = new Machine();
  const shown = "grep -q '^NoNewPrivs:.1' /proc/$$/status && exit 8; exit 9";
  machine.program("bin/deno", fakeDeno("2.9.6").replace(/printf .*; exit 7/, () => shown));
  const lines: [status: number, line: string][] = [
    [8, "report run.parquet"],
    [8, "diff a b"],
    [8, "probes"],
    [8, "--help"],
    [8, "flame run.parquet -o a.svg"],
    [8, "flame --from run.parquet"],
    [8, "stream --from=rec/"],
    [9, ""],
    [9, "doctor"],
    [9, "trace -- report"],
    [9, "flame -o a.svg -- rsync --from x"],
    [9, "stream tar --from"],
    [9, "top --from run.parquet"],
  ];
  for (const [status, line] of lines) {
    assert.equal(machine.start(line.split(" ").filter((word) => word !== "")).code, status, line);
  }
});

Deno.test("The launcher says the version without setting anything up", () => {
  using machine = new Machine();
  for (const word of ["--version", "-V", "version"]) {
    assert.deepEqual(machine.start([word], { PATH: "/none", HOME: "/none" }), {
      code: 0,
      stdout: `ior ${VERSION}\n`,
      stderr: "",
    });
  }
  assert.deepEqual([...Deno.readDirSync(machine.home)], []);
});

Deno.test("The launcher takes no Deno from the working directory", () => {
  using machine = new Machine();
  const installed = machine.program("home/.cache/ior/deno-2.9.6", fakeDeno("2.9.6"));
  machine.program("bin/deno", fakeDeno("2.9.6"));
  for (const path of ["", ":", ".", "./bin", "bin"]) {
    machine.start([], { PATH: `${path}:/usr/bin:/bin` }, { cwd: machine.folder });
  }
  assert.ok(Deno.statSync(`${installed}.fetched`).isFile);
  assert.equal(machine.exists("bin/deno.asked"), false);
});

Deno.test("What only reads or prints may neither call foreign functions, nor run or write, unless it writes a file", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.9.6"));
  const given = (...words: string[]) =>
    ["ffi", "run", "write", "read"].filter((name) =>
      machine.start(words).stdout.includes(`<--allow-${name}>`)
    );
  for (
    const line of [
      "report run.parquet --top 3 -x --no-comm bash --where path=~^/etc/(a|b)",
      "diff before.json after.json",
      "flame --from run.parquet --metric bytes",
      "flame run.parquet",
      "stream run.parquet -n 5",
      ...["rows.ndjson", "rows.ndjson.gz", "rows.ndjson.zst", "rec/"].flatMap((name) => [
        `flame ${name}`,
        `stream ${name}`,
      ]),
      "flame make.html -q",
      "flame make.folded",
      "help loss",
      "schema rows",
    ]
  ) assert.deepEqual(given(...line.split(" ")), ["read"], line);
  const all = ["ffi", "run", "write", "read"];
  for (
    const line of [
      "trace -- ls",
      "doctor",
      "probes",
      "report run.parquet -o a.txt",
      "report -qo a.txt run.parquet",
      "report run.parquet --output=a.txt",
      "flame run.parquet -oa.svg",
      "stream make.folded",
      "report r\u00e9sum\u00e9.parquet",
      "report a\\b.parquet",
    ]
  ) assert.deepEqual(given(...line.split(" ")), all, line);
});

Deno.test("The launcher sets up once, says so on stderr, and is silent and asks nothing from then on", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.10.0"));
  const first = machine.start();
  assert.match(first.stderr, /^ior: fetching the packages of deno.lock into \S.*\n/);
  const second = machine.start();
  assert.equal(second.stderr, "");
  assert.equal(machine.lines("bin/deno.asked"), 1);
  assert.equal(machine.lines("bin/deno.fetched"), 1);
});

Deno.test("Under a umask that lets others write, nothing of the set-up is theirs to change, and ior has that umask", () => {
  using machine = new Machine();
  machine.program(
    "bin/deno",
    fakeDeno("2.10.0").replace("exit 7", 'umask; mkdir -p "$DENO_DIR/kept"; exit 7'),
  );
  const launcher = machine.program(
    "open",
    `#!/bin/sh\numask 000\nexec "${machine.folder}/checkout/ior" trace\n`,
  );
  assert.match(machine.start([], {}, { launcher }).stdout, /0000\n$/);
  const cache = `${machine.home}/.cache/ior`;
  for (const path of [cache, ...[...Deno.readDirSync(cache)].map(({ name }) => `${cache}/${name}`)]) {
    assert.equal(Deno.lstatSync(path).mode! & 0o022, 0, path);
  }
  assert.equal(machine.start([], {}, { launcher }).stderr, "");
});

Deno.test("The launcher asks again when Deno or deno.lock changes", () => {
  using machine = new Machine();
  const deno = machine.program("bin/deno", fakeDeno("2.9.6"));
  machine.start();
  Deno.utimeSync(deno, 1_000_000_000, 1_000_000_000);
  Deno.writeTextFileSync(`${machine.folder}/checkout/deno.lock`, "{}\n");
  machine.start();
  assert.equal(machine.lines("bin/deno.asked"), 2);
  assert.equal(machine.lines("bin/deno.fetched"), 2);
});

for (const version of ["2.9.5", "1.46.3", "3.0.0", "2.9", "unknown"]) {
  Deno.test(`The launcher passes a Deno of version ${version} over for the one it installed`, () => {
    using machine = new Machine();
    machine.program("bin/deno", fakeDeno(version));
    const installed = machine.program("home/.cache/ior/deno-2.9.6", fakeDeno("2.9.6"));
    assert.equal(machine.start().code, 7);
    assert.equal(machine.lines("home/.cache/ior/deno-2.9.6.fetched"), 1, installed);
  });
}

Deno.test("The launcher refuses an IOR_DENO that is too old", () => {
  using machine = new Machine();
  const old = machine.program("old/deno", fakeDeno("2.1.0"));
  const { code, stderr } = machine.start([], { IOR_DENO: old });
  assert.equal(code, 1);
  assert.equal(
    stderr,
    `ior: Cannot use IOR_DENO=${old}: it is version 2.1.0, 2.9.6 or a later 2.x is wanted; ` +
      "unset it and ior installs one\n",
  );
});

Deno.test({
  name: "The launcher keeps nothing of a package whose checksum is wrong" +
    (Deno.build.arch === "x86_64" ? "" : " (skipped: only the x86-64 package has a checksum of ours)"),
  ignore: Deno.build.arch !== "x86_64",
  fn: () => {
    using machine = new Machine();
    machine.program("bin/deno", fakeDeno("1.0.0"));
    machine.program("bin/npm", "#!/bin/sh\necho other >package.tgz\n");
    const { code, stderr } = machine.start();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^ior: Cannot install Deno 2\.9\.6: the package has SHA-512 \w{128}, \w{128} is wanted; /m,
    );
    assert.deepEqual([...Deno.readDirSync(`${machine.home}/.cache/ior`)].map((entry) => entry.name).sort(), [
      "deno-checked",
      "lock",
    ]);
  },
});

Deno.test("The launcher tells the command's own DENO_DIR from the one it sets", () => {
  using machine = new Machine();
  machine.program(
    "bin/deno",
    '#!/bin/sh\n[ "$1" != --version ] || echo deno 2.9.6\n' +
      'printf "%s|%s|" "$DENO_DIR" "${IOR_CALLER_DENO_DIR-unset}"\n',
  );
  assert.equal(machine.start().stdout, `${machine.home}/.cache/ior/deno_dir||`);
  const own = `${machine.folder}/own`;
  assert.equal(machine.start([], { DENO_DIR: own }).stdout, `${own}|unset|`);
});

Deno.test("The launcher says which folder it cannot use when there is none for its cache", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.9.6"));
  Deno.chmodSync(machine.folder, 0o755);
  const { code, stderr } = machine.start([], { HOME: "/", XDG_CACHE_HOME: "relative" }, { uid: NOBODY });
  assert.equal(code, 1);
  assert.equal(
    stderr,
    "ior: Cannot choose a cache folder: HOME is / and not a writable folder of this user; " +
      "set XDG_CACHE_HOME to one that is\n",
  );
});

Deno.test({
  name: `A folder in which nothing can be made is passed over, whatever its rights say${NOT_ROOT}`,
  ignore: NOBODY === undefined,
  fn() {
    using machine = new Machine();
    machine.program("bin/deno", fakeDeno("2.9.6"));
    const { code, stderr } = machine.start([], { XDG_CACHE_HOME: "/proc" });
    assert.equal(code, 7);
    assert.doesNotMatch(stderr, /proc/);
    assert.ok(machine.exists("home/.cache/ior/deno-checked"));
  },
});

Deno.test({
  name:
    `Without room for its cache ior starts from what is there, and says which folder it must write to${NOT_ROOT}`,
  ignore: NOBODY === undefined,
  fn() {
    using machine = new Machine();
    machine.program("bin/deno", fakeDeno("2.9.6"));
    const launcher = machine.program(
      "full",
      `#!/bin/sh
exec unshare -m sh -c 'mount -t tmpfs -o nr_inodes=4 none "$HOME" && mkdir -p "$HOME/.cache/ior" && exec "$0"' \
  "${machine.folder}/checkout/ior"
`,
    );
    assert.deepEqual(machine.start([], {}, { launcher }), {
      code: 1,
      stdout: "",
      stderr: `ior: Cannot write to the cache folder ${machine.home}/.cache/ior; ` +
        "set XDG_CACHE_HOME to a folder of this user that has room\n",
    });
    const own = `${machine.folder}/own`;
    assert.equal(machine.start([], { DENO_DIR: own }).code, 7);
    const { code, stderr } = machine.start([], { DENO_DIR: own }, { launcher });
    assert.deepEqual([code, stderr], [7, ""]);
  },
});

Deno.test({
  name: "Root with the home of another user, as under sudo, keeps its cache elsewhere" +
    (Deno.uid() === 0 ? "" : " (skipped: only root has a folder of its own outside its home)"),
  ignore: Deno.uid() !== 0,
  fn: () => {
    using machine = new Machine();
    const chosen = () =>
      machine.start([], {}, {
        launcher: machine.program(
          "chosen",
          `#!/bin/sh\nior_root="${machine.folder}/checkout"\n. "$ior_root/setup/deno.sh"\n` +
            'find_launch\nchoose_cache\necho "$ior_cache"\n',
        ),
      }).stdout;
    assert.equal(chosen(), `${machine.home}/.cache/ior\n`);
    Deno.chownSync(machine.home, 1, 1);
    assert.equal(chosen(), "/var/cache/ior\n");
  },
});

for (const [how, mode] of [["made by another user", 0o755], ["that others may write to", 0o777]] as const) {
  Deno.test({
    name: `Root takes no cache folder ${how}, nor what is in it${NOT_ROOT}`,
    ignore: NOBODY === undefined,
    fn() {
      using machine = new Machine();
      machine.program("shared/ior/deno-2.9.6", "#!/bin/sh\necho attacked >&2\nexit 9\n");
      const [shared, cache] = [`${machine.folder}/shared`, `${machine.folder}/shared/ior`];
      Deno.chmodSync(shared, 0o1777);
      if (mode === 0o755) Deno.chownSync(cache, NOBODY!, NOBODY!);
      Deno.chmodSync(cache, mode);
      machine.program("home/.cache/ior/deno-2.9.6", fakeDeno("2.9.6"));
      const { code, stderr } = machine.start([], { XDG_CACHE_HOME: shared });
      assert.equal(code, 7, stderr);
      assert.doesNotMatch(stderr, /attacked/);
    },
  });
}

Deno.test({
  name: "Root takes no program of another user from its cache folder, and makes no folder where others may" +
    NOT_ROOT,
  ignore: NOBODY === undefined,
  fn() {
    using machine = new Machine();
    const shared = `${machine.folder}/shared`;
    const planted = machine.program("shared/ior/deno-2.9.6", "#!/bin/sh\necho attacked >&2\nexit 9\n");
    machine.program("home/.cache/ior/deno-2.9.6", fakeDeno("2.9.6"));
    Deno.mkdirSync(`${machine.folder}/home/.cache/man`);
    Deno.chownSync(`${machine.folder}/home/.cache/man`, NOBODY!, NOBODY!); // beside ours, and nothing to it
    Deno.chownSync(planted, NOBODY!, NOBODY!);
    const { code, stderr } = machine.start([], { XDG_CACHE_HOME: shared });
    assert.equal(code, 7, stderr);
    Deno.removeSync(`${shared}/ior`, { recursive: true });
    Deno.chmodSync(shared, 0o1777);
    assert.equal(machine.start([], { XDG_CACHE_HOME: shared }).code, 7);
    assert.deepEqual([...Deno.readDirSync(shared)], []);
  },
});

Deno.test({
  name: "A folder is ours when nobody else can have put anything in it, nor can replace a step of its path" +
    NOT_ROOT,
  ignore: NOBODY === undefined,
  fn() {
    using machine = new Machine();
    const folder = `${machine.folder}/way/step/cache`;
    const isOurs = (path = folder) => ownPath(path) !== null;
    const held = (change: () => void, back: () => void, ours: boolean, what: string) => {
      change();
      assert.equal(isOurs(), ours, what);
      back();
      assert.equal(isOurs(), true, `${what}, taken back`);
    };
    Deno.mkdirSync(`${folder}/in`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/.hidden`, "");
    Deno.symlinkSync("/etc", `${folder}/link`);
    for (const path of [folder, `${machine.folder}/way`, `${folder}/in`, `${folder}/.hidden`]) {
      const { mode, gid } = Deno.statSync(path);
      const restore = () => {
        Deno.chownSync(path, 0, gid);
        Deno.chmodSync(path, mode! & 0o7777);
      };
      held(() => Deno.chownSync(path, NOBODY!, null), restore, false, `another's ${path}`);
      held(() => Deno.chmodSync(path, 0o777), restore, false, `${path}, open to all`);
      held(() => Deno.chmodSync(path, 0o770), restore, true, `${path}, open to our group`);
      held(
        () => {
          Deno.chownSync(path, 0, NOBODY!);
          Deno.chmodSync(path, 0o770);
        },
        restore,
        false,
        `${path}, open to another group`,
      );
    }
    const way = `${machine.folder}/way`;
    held(() => Deno.chmodSync(way, 0o1777), () => Deno.chmodSync(way, 0o755), true, "a sticky step");
    assert.equal(isOurs(`${folder}/not/there`), true, "a folder below ours that is not there yet");
    assert.equal(isOurs(`${folder}/.hidden`), false, "a file");
    Deno.chmodSync(way, 0o1777);
    assert.equal(isOurs(`${way}/new`), false, "a new folder where others may make one");
    Deno.symlinkSync(way, `${folder}/elsewhere`);
    assert.equal(isOurs(`${folder}/elsewhere/new`), false, "the same through a link of ours");
    assert.equal(isOurs(`${folder}/none/../../../x`), false, "a way up from a folder that is not there");
    Deno.symlinkSync("none", `${folder}/nowhere`);
    assert.equal(isOurs(`${folder}/nowhere`), false, "a link that leads nowhere");
  },
});

Deno.test("The path of a folder of ours has no links, which somebody else could lead elsewhere", () => {
  using machine = new Machine();
  const [folder, others] = [`${machine.folder}/cache`, `${machine.folder}/others`];
  for (const path of [folder, others]) Deno.mkdirSync(path);
  Deno.symlinkSync(folder, `${others}/link`);
  if (NOBODY !== undefined) Deno.chownSync(others, NOBODY, NOBODY);
  for (const name of ["", "/not", "/not/there"]) {
    assert.equal(ownPath(`${others}/link${name}`), `${folder}${name}`);
  }
  machine.program(
    "bin/deno",
    fakeDeno("2.9.6").replace("exit 7", 'echo "$DENO_DIR|$IOR_CALLER_DENO_DIR"; exit 7'),
  );
  const started = (env: Record<string, string>) => machine.start([], env).stdout.replace(/^.*>/s, "");
  const link = `${others}/link`;
  assert.equal(started({ HOME: link }), `${folder}/.cache/ior/deno_dir|\n`);
  assert.equal(started({ XDG_CACHE_HOME: link }), `${folder}/ior/deno_dir|\n`);
  assert.equal(started({ DENO_DIR: `${link}/own` }), `${folder}/own|${link}/own\n`);
});

Deno.test("A folder stays ours while another start of ior makes and removes files in it", async () => {
  using machine = new Machine();
  const folder = `${machine.folder}/cache`;
  Deno.mkdirSync(folder);
  // As many as make a look at them take longer than a file of the other start is there.
  for (let i = 0; i < 500; i++) Deno.writeTextFileSync(`${folder}/${i}`, "");
  const other = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      'const [path] = Deno.args; console.log("begins"); for (;;) { Deno.writeTextFileSync(path, ""); Deno.removeSync(path); }',
      `${folder}/deno-checked.new`,
    ],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  try {
    const reader = other.stdout.getReader();
    await reader.read();
    for (let i = 0; i < 200; i++) assert.equal(ownPath(folder), folder, `look ${i}`);
    await reader.cancel();
  } finally {
    other.kill("SIGKILL");
    await other.status;
  }
});

Deno.test("What ior is started with are not the launcher's variables", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.9.6").replace("exit 7", "echo; env; exit 7"));
  Deno.symlinkSync("../checkout/ior", `${machine.bin}/ior`);
  const names = "root cache launch deno found name value field self link mask blocked bundles helper".split(
    " ",
  );
  const mine = Object.fromEntries(names.map((name) => [name, "mine"]));
  for (const start of ["first", "second"]) {
    const { code, stdout } = machine.start(["trace"], mine, { launcher: `${machine.bin}/ior` });
    assert.equal(code, 7);
    const lines = stdout.split("\n");
    assert.deepEqual(names.filter((name) => !lines.includes(`${name}=mine`)), [], start);
  }
});

Deno.test("A checkout in a folder whose name is not UTF-8 says so", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.9.6"));
  const launcher = machine.program(
    "moving",
    '#!/bin/sh\ncd "$HOME" && d=$(printf \'caf\\351\') && cp -r ../checkout "$d" && exec "./$d/ior" report\n',
  );
  const { code, stdout, stderr } = machine.start([], {}, { launcher });
  assert.deepEqual([code, stdout], [1, ""], stderr);
  assert.match(
    stderr,
    /^ior: Cannot start from .*\/caf\ufffd: the path is not UTF-8, which Deno needs\n {2}Move the checkout to another folder\n$/m,
  );
});

Deno.test("Every descriptor that ior is started with is there after a set-up", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.9.6").replace("exit 7", () => "readlink /proc/$$/fd/9; exit 7"));
  const launcher = machine.program(
    "with-nine",
    `#!/bin/sh\nexec 9</etc/passwd\nexec "${machine.folder}/checkout/ior" trace\n`,
  );
  for (const start of ["first", "second"]) {
    assert.match(machine.start([], {}, { launcher }).stdout, />\/etc\/passwd\n$/, start);
  }
});

Deno.test("A checkout that is named from a folder that the runtime cannot start in is found", () => {
  using machine = new Machine();
  machine.program("bin/deno", fakeDeno("2.9.6"));
  const launcher = machine.program(
    "away",
    '#!/bin/sh\nmkdir "$HOME/gone" && cd "$HOME/gone" && rmdir "$HOME/gone" && exec ../../checkout/ior trace\n',
  );
  const { code, stdout, stderr } = machine.start([], {}, { launcher });
  assert.equal(code, 7, stderr);
  const checkout = `${machine.folder}/checkout`;
  assert.ok(stdout.includes(`<--config><${checkout}/deno.json>`), stdout);
  assert.ok(stdout.endsWith(`<${checkout}/cli/main.ts><trace>`), stdout);
});
