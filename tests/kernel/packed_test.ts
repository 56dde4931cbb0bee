/** ior as one file, on machines that have little or nothing: roots of Debian without network, libbpf or Node. */
import assert from "node:assert/strict";
import { VERSION } from "../../runtime/version.ts";
import { pack } from "../../setup/pack.ts";
import { ROOT } from "../gates/tree.ts";
import { outputOf } from "../kernel_lib/clang.ts";
import { type DebianRoot, debianRoot, emptyRoot } from "../kernel_lib/debian_root.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { smallDisk } from "../kernel_lib/small_disk.ts";

const NOBODY = 65534;

const ARCH = Deno.build.arch === "x86_64" ? "x86_64" : "arm64";

let packed: Promise<string> | null = null;

/** Path of a packed file, made once: fast, and not as small as it could be. */
function packedIor(): Promise<string> {
  const path = `${scratchDirectory("packed")}/ior`;
  return packed ??= pack(ROOT, path, 1).then(() => path);
}

/** A root with the packed file as `/ior`, and without anything that ior could use by mistake. */
async function bareRoot(release: string, ...options: string[]): Promise<DebianRoot> {
  const root = debianRoot(release, ...options);
  Deno.copyFileSync(await packedIor(), `${root.path}/ior`);
  const libraries = `${root.path}/usr/lib/${Deno.build.arch}-linux-gnu`;
  for (const { name } of [...Deno.readDirSync(libraries)]) {
    assert.ok(!/^libbpf/.test(name), `${release} has ${name}`);
    // dpkg and apt need these, ior must not.
    if (/^lib(elf|z|zstd|lzma|bz2)[.-]/.test(name)) Deno.removeSync(`${libraries}/${name}`);
  }
  return root;
}

async function holds(root: DebianRoot, release: string): Promise<void> {
  const first = await root.run(["/ior", "trace", "--brief", "--", "ls", "/"]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /^ior: unpacking into \/root\/\.cache\/ior\/packed-\w{32}\n/);
  assert.match(first.stdout, /^loss +none$/m);
  const lines: [words: string[], shown: RegExp][] = [
    [["--version"], new RegExp(`^ior ${VERSION}\n$`)],
    [["doctor"], /^ior can trace here\.$[^]*^ {2}sudo setcap \S+ \/ior$/m],
    [
      ["trace", "--brief", "--flame", "/a.html", "--record", "/a.parquet", "--", "ls", "/etc"],
      /^loss +none$/m,
    ],
    [["report", "/a.parquet"], /\/etc/],
    [["flame", "/a.parquet", "-o", "/b.svg"], /^$/],
    [["flame", "--diff", "/a.html", "/a.parquet", "-o", "/c.html"], /^$/],
    [["stream", "--", "ls", "/"], /openat/],
    [["top", "--batch", "-n", "1", "--", "ls", "/"], /calls\/s/],
    [["trace", "--json", "--", "sh", "-c", "env"], /"schema": "ior.report\/1"/],
    [["completions", "bash"], /^complete -F _ior ior$/m],
    [["man", "trace"], /^\.TH IOR-TRACE 1/m],
    [["schema", "rows"], /ior\.rows/],
    [["probes"], /^openat /m],
  ];
  for (const [words, shown] of lines) {
    const { code, stdout, stderr } = await root.run(["/ior", ...words]);
    assert.equal(code, 0, `${release}: ${words.join(" ")}\n${stderr}`);
    assert.match(stdout, shown, `${release}: ${words.join(" ")}`);
    assert.doesNotMatch(stderr, /unpacking/, words.join(" "));
    // What a command sees of ior's own variables.
    assert.doesNotMatch(stderr, /IOR_|DENO_DIR|MALLOC/, words.join(" "));
  }
  assert.match(Deno.readTextFileSync(`${root.path}/a.html`), /^<!doctype html>/i);
}

Deno.test("One file traces in an empty Debian, without network, libbpf or anything to install", async () => {
  await holds(await bareRoot("bookworm"), "bookworm");
});

Deno.test("The same file traces on another C library, in a system that was copied and never set up", async () => {
  await holds(await bareRoot("trixie", "--foreign"), "trixie");
});

Deno.test("A packed file needs a C library, and says so", async () => {
  const root = emptyRoot();
  Deno.copyFileSync(await packedIor(), `${root.path}/ior`);
  const { code, stderr } = await root.run(["/ior", "trace"]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^ior: Cannot start \/ior: this machine has no GNU C library for \w+, which Deno needs\n/,
  );
});

Deno.test("A disk that is full while ior unpacks is reported, and nothing is left of the file", async () => {
  using disk = smallDisk(20 * 2 ** 20);
  Deno.chmodSync(disk.path, 0o755);
  const { code, stdout, stderr } = new Deno.Command(await packedIor(), {
    args: ["help"],
    env: { XDG_CACHE_HOME: disk.path },
  }).outputSync();
  const text = new TextDecoder().decode(stderr);
  assert.deepEqual([code, stdout.length], [1, 0]);
  assert.match(
    text,
    /^ior: unpacking into .*\nior: Cannot unpack into .*: the disk is full; \d+ MiB are needed\n {2}Free some space, or set XDG_CACHE_HOME to another folder\n$/,
  );
  const [tree] = [...Deno.readDirSync(`${disk.path}/ior`)].filter(({ isDirectory }) => isDirectory);
  assert.deepEqual([...Deno.readDirSync(`${disk.path}/ior/${tree.name}`)], []);
});

Deno.test("A disk without room for another folder is reported as full", async () => {
  using disk = smallDisk(20 * 2 ** 20);
  Deno.chmodSync(disk.path, 0o755);
  outputOf("mount", ["-o", "remount,nr_inodes=1", disk.path]);
  const { code, stderr } = new Deno.Command(await packedIor(), {
    args: ["help"],
    env: { XDG_CACHE_HOME: disk.path },
  }).outputSync();
  assert.equal(code, 1);
  assert.match(
    new TextDecoder().decode(stderr),
    /^ior: Cannot unpack into .*: the disk is full; \d+ MiB are needed\n/,
  );
});

Deno.test("A folder that no program may be run from is passed over", async () => {
  using disk = smallDisk(200 * 2 ** 20);
  Deno.chmodSync(disk.path, 0o755);
  assert.ok(new Deno.Command("mount", { args: ["-o", "remount,noexec", disk.path] }).outputSync().success);
  const home = scratchDirectory("home");
  const { code, stderr } = new Deno.Command(await packedIor(), {
    args: ["help"],
    env: { XDG_CACHE_HOME: disk.path, HOME: home },
  }).outputSync();
  const text = new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  assert.ok(text.startsWith(`ior: unpacking into ${home}/.cache/ior/packed-`), text);
  assert.deepEqual([...Deno.readDirSync(disk.path)], []);
});

Deno.test("A packed file in a folder whose name is not UTF-8 says which file may be given capabilities", async () => {
  const script = `d="$1/$(printf 'caf\\351')"; mkdir "$d" && cp "$0" "$d/ior" && exec "$d/ior" doctor`;
  const folder = scratchDirectory("bytes");
  const text = outputOf("sh", ["-c", script, await packedIor(), folder], { XDG_CACHE_HOME: folder });
  assert.match(text!, /^ {2}sudo setcap \S+ '\S*\/caf\ufffd\/ior'$/m);
});

Deno.test("A packed file that was given capabilities traces for an ordinary user, whose command has none", async () => {
  const home = scratchDirectory("home");
  const ior = `${home}/ior`;
  Deno.copyFileSync(await packedIor(), ior);
  outputOf("setcap", ["cap_bpf,cap_perfmon=p", ior]);
  Deno.chownSync(home, NOBODY, NOBODY);
  const command = "grep CapEff /proc/self/status; env";
  const { code, stdout, stderr } = new Deno.Command("setpriv", {
    args: [
      "--reuid",
      `${NOBODY}`,
      "--regid",
      `${NOBODY}`,
      "--clear-groups",
      ior,
      "trace",
      "--",
      "sh",
      "-c",
      command,
    ],
    env: { HOME: home, PATH: "/usr/bin:/bin" },
    clearEnv: true,
    cwd: home, // which this user may enter
    stdin: "null",
  }).outputSync();
  const text = new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  assert.match(new TextDecoder().decode(stdout), /^loss +none$/m);
  assert.deepEqual(text.split("\n").slice(1).sort(), [
    "",
    "CapEff:\t0000000000000000",
    `HOME=${home}`,
    "PATH=/usr/bin:/bin",
    `PWD=${home}`,
  ]);
});

Deno.test("Digests are those of b3sum, whatever the length", () => {
  const folder = scratchDirectory("digests");
  for (
    const bytes of [0, 1, 64, 65, 1023, 1024, 1025, 3000, 65_535, 65_536, 65_537, 131_072, 200_000, 1_000_003]
  ) {
    const path = `${folder}/${bytes}`;
    Deno.writeFileSync(path, Uint8Array.from({ length: bytes }, (_, i) => i * 251 >> 3));
    assert.equal(
      outputOf(`${ROOT}/launch/ior-front.${ARCH}`, ["digest", path]),
      outputOf("b3sum", ["--no-names", path]),
      `${bytes} bytes`,
    );
  }
});
