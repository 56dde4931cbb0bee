/**
 * `deno task deb [FOLDER]`: makes `ior_VERSION_ARCH.deb` for this architecture: Deno, the bundle and what else ior opens in
 * /usr/lib/ior, manual pages, completions, and the unit. libbpf comes from the system. The same sources give the same bytes
 * for one SOURCE_DATE_EPOCH, by default the time of the last commit.
 */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { allCommands } from "../cli/commands/commands.ts";
import { completionScript } from "../cli/commands/completions/script.ts";
import { manualPage } from "../cli/commands/man/page.ts";
import { TOPICS } from "../cli/commands/topics/topics.ts";
import { VERSION } from "../runtime/version.ts";
import { run } from "./make_bundle.ts";
import { packedFile, writeProgram } from "./pack.ts";
import { ARCH, partsOf } from "./parts.ts";

/** Debian's name of this architecture. */
export const DEBIAN_ARCH = ARCH === "x86_64" ? "amd64" : "arm64";

/** Where ior is installed. */
const HOME = "usr/lib/ior";

/** Where each shell looks for completions. */
const COMPLETIONS = [
  ["bash", "usr/share/bash-completion/completions/ior"],
  ["zsh", "usr/share/zsh/vendor-completions/_ior"],
  ["fish", "usr/share/fish/vendor_completions.d/ior.fish"],
] as const;

/** Where the unit of `ior serve` is installed; nothing starts it. */
const UNIT = "usr/lib/systemd/system/ior.service";

const MAINTAINER = "The ior authors <ior@localhost>";

/** As apt shows it. */
const DESCRIPTION = `Where the I/O time of a machine goes
 ior follows system calls in the kernel with eBPF and reports which process, which
 file and which call takes the time: as a report, a live view, a flamegraph, rows
 for other programs, or recordings.`;

/** What the cache in the folder of the system is to the package. */
const AFTER_REMOVAL = `#!/bin/sh
set -e
if [ "$1" = purge ]; then rm -rf /var/cache/ior /run/ior-programs; fi
`;

const SMALLEST = 9;

const packedText = (text: string) => gzipSync(text, { level: SMALLEST });

/** The files below the root of the system, besides ior's own folder. */
async function filesOf(root: string): Promise<(readonly [path: string, bytes: Uint8Array])[]> {
  const encoder = new TextEncoder();
  const commands = await allCommands();
  const pages = ["ior", ...new Set([...commands, ...TOPICS].map(({ name }) => name))].map((name) => {
    const text = manualPage(name, commands, TOPICS);
    const [, title, section] = /^\.TH (\S+) (\d)/m.exec(text)!;
    return [`usr/share/man/man${section}/${title.toLowerCase()}.${section}.gz`, packedText(text)] as const;
  });
  const scripts = COMPLETIONS.map(([shell, path]) =>
    [path, encoder.encode(completionScript(shell, commands))] as const
  );
  const unit = Deno.readFileSync(`${root}/setup/ior.service`);
  const changes = packedText(Deno.readTextFileSync(`${root}/CHANGELOG.md`));
  return [
    ...pages,
    ...scripts,
    [UNIT, unit],
    ["usr/share/doc/ior/changelog.gz", changes],
  ];
}

function write(path: string, bytes: Uint8Array | string, mode = 0o644): void {
  Deno.mkdirSync(path.replace(/\/[^/]*$/, ""), { recursive: true });
  Deno.writeFileSync(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  Deno.chmodSync(path, mode);
}

/** All files below a folder, sorted. */
function* pathsIn(folder: string): Generator<string> {
  for (
    const { name, isDirectory } of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)
  ) {
    yield `${folder}/${name}`;
    if (isDirectory) yield* pathsIn(`${folder}/${name}`);
  }
}

/** Everything gets the same time, and what everybody may read. */
function settle(folder: string, epochS: number): void {
  for (const path of [folder, ...pathsIn(folder)]) {
    const { isDirectory, isSymlink } = Deno.lstatSync(path);
    if (isDirectory) Deno.chmodSync(path, 0o755);
    if (!isSymlink) Deno.utimeSync(path, epochS, epochS);
  }
}

/**
 * Makes the package of the checkout `root` in a folder, and returns its path.
 *
 * @param epochS Time of all files, in seconds since 1970.
 * @param level From 1, fast, to 9, small.
 */
export async function makeDebian(
  root: string,
  to: string,
  epochS: number,
  level = SMALLEST,
): Promise<string> {
  const work = Deno.makeTempDirSync();
  const tree = `${work}/tree`;
  try {
    Deno.mkdirSync(`${work}/made`);
    const parts = (await partsOf(root, `${work}/made`)).filter(({ name }) => name !== "licences.txt");
    Deno.mkdirSync(`${tree}/${HOME}`, { recursive: true });
    for (const { name, path, mode } of parts) write(`${tree}/${HOME}/${name}`, Deno.readFileSync(path), mode);
    writeProgram(`${tree}/${HOME}/ior`, await packedFile(root, []));
    Deno.chmodSync(`${tree}/${HOME}/ior`, 0o755);
    Deno.mkdirSync(`${tree}/usr/bin`);
    Deno.symlinkSync("../lib/ior/ior", `${tree}/usr/bin/ior`);
    for (const [path, bytes] of await filesOf(root)) write(`${tree}/${path}`, bytes);
    write(`${tree}/usr/share/doc/ior/copyright`, Deno.readFileSync(`${work}/made/licences.txt`));
    const installed = [...pathsIn(tree)].filter((path) => Deno.lstatSync(path).isFile);
    const bytes = installed.reduce((sum, path) => sum + Deno.statSync(path).size, 0);
    write(`${tree}/DEBIAN/control`, controlText(bytes));
    write(`${tree}/DEBIAN/postrm`, AFTER_REMOVAL, 0o755);
    const sums = installed.map((path) =>
      `${createHash("md5").update(Deno.readFileSync(path)).digest("hex")}  ${path.slice(tree.length + 1)}\n`
    );
    write(`${tree}/DEBIAN/md5sums`, sums.join(""));
    settle(tree, epochS);
    const path = `${to}/ior_${VERSION}_${DEBIAN_ARCH}.deb`;
    // dpkg-deb takes the time of the archive itself from the environment.
    const made = ["dpkg-deb", "--root-owner-group", "-Zgzip", `-z${level}`, "--build", tree, path];
    await run("env", [`SOURCE_DATE_EPOCH=${epochS}`, ...made], "/");
    return path;
  } finally {
    Deno.removeSync(work, { recursive: true });
  }
}

function controlText(bytes: number): string {
  return `Package: ior
Version: ${VERSION}
Architecture: ${DEBIAN_ARCH}
Maintainer: ${MAINTAINER}
Installed-Size: ${Math.ceil(bytes / 1024)}
Depends: libc6 (>= 2.28), libgcc-s1, libbpf1 (>= 1:1.1)
Recommends: libdw1
Section: utils
Priority: optional
Description: ${DESCRIPTION}
`;
}

/** SOURCE_DATE_EPOCH, or the time of the last commit. */
async function epochOf(root: string): Promise<number> {
  return Number(Deno.env.get("SOURCE_DATE_EPOCH") ?? await run("git", ["log", "-1", "--format=%ct"], root));
}

if (import.meta.main) {
  const root = Deno.realPathSync(`${import.meta.dirname}/..`);
  const [folder = "dist"] = Deno.args;
  Deno.mkdirSync(folder, { recursive: true });
  const path = await makeDebian(root, folder, await epochOf(root));
  console.log(`${path}: ${(Deno.statSync(path).size / 2 ** 20).toFixed(1)} MiB`);
}
