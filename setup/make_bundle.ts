/**
 * Makes the bundle of a checkout: `make_bundle.ts HELPER ROOT BUNDLES`. ior's modules become files that load on demand, in
 * BUNDLES/KEY, where the launch helper finds them as long as no file of the checkout changes: see launch/bundle.h. A bundle
 * that cannot be made is an empty folder, so that it is tried once.
 */

import { pathToFileURL } from "node:url";

/** The modules that are started: ior itself and its workers. */
export const ENTRIES = [
  "cli/main.ts",
  "engine/workers/stats_worker.ts",
  "engine/workers/flame_worker.ts",
  "engine/workers/stats_flame_worker.ts",
  "engine/workers/recorder_worker.ts",
  "cli/rows/worker/rows_worker.ts",
];

/** What modules name beside themselves, by how it begins, with the module. A worker is in the bundle. */
export const BESIDE: [start: string, module: string][] = [
  ["../../launch/", "engine/launch/helper.ts"],
  ["./ior.", "bpf/load.ts"],
  ["../../lib/", "bpf/ffi/libbpf.ts"],
];

/** Bundles that are kept, of this and other checkouts: one that runs may still start workers from its own. */
const MOST_KEPT = 8;

/** Longest time for a step while a user waits: the bundler of Deno is fetched once. */
const LONGEST_MS = 20_000;

/** The same where files are made to be installed elsewhere. */
const UNHURRIED_MS = 600_000;

/** A name beside a module, as the bundler leaves it. */
const URL_BESIDE = /new URL\((["'`])(\.[^"'`]*)\1,\s*import\.meta\.url\)/g;

/** An import of another file, as the bundler leaves it. */
const IMPORT = /\b(from|import)\s*(\(?)"\.{1,2}\/(?:[\w.-]+\/)*([\w.-]+)\.js"/g;

/** The file in the bundle of an entry, or of what the bundler made of it. */
const fileOf = (path: string) => path.replace(/^.*\//, "").replace(/\.[jt]s$/, ".mjs");

/**
 * The text of a bundled module with every name beside it as it was in the sources.
 *
 * @param root The checkout; `null` where all files lie in one folder, that of the bundle.
 * @throws {Error} For a name that is not in the tables.
 */
export function withNames(text: string, root: string | null): string {
  const left = text.replaceAll(URL_BESIDE, "").match(/import\.meta\.(?!main)\w+/);
  if (left !== null) throw new Error(`Cannot bundle: ${left[0]} is used in another way`);
  return text.replace(URL_BESIDE, (_, quote: string, name: string) => {
    const entry = ENTRIES.find((entry) => entry.endsWith(name.slice(1)));
    if (entry !== undefined) return `new URL("./${fileOf(entry)}",import.meta.url)`;
    const module = BESIDE.find(([start]) => name.startsWith(start))?.[1];
    if (module === undefined) {
      throw new Error(`Cannot bundle: ${name} is named beside a module that is not known`);
    }
    if (root === null) return `new URL(${quote}${name.replace(/^.*\//, "./")}${quote},import.meta.url)`;
    return `new URL(${quote}${name}${quote},${JSON.stringify(pathToFileURL(`${root}/${module}`))})`;
  });
}

/**
 * The text of a bundled module with its imports of others, which all lie in one folder. What is imported on demand is named
 * by an expression: the runtime would load all files that it finds by name before it runs the first.
 *
 * @param files Names of all modules.
 */
export function withImports(text: string, files: ReadonlySet<string>): string {
  return text.replace(IMPORT, (whole, word: string, call: string, name: string) => {
    if (!files.has(`${name}.mjs`)) return whole;
    return call === "" ? `${word}"./${name}.mjs"` : `${word}(String("./${name}.mjs")`;
  });
}

/** The standard output of a program that must succeed. */
export async function run(
  program: string,
  args: string[],
  cwd: string,
  longestMs = UNHURRIED_MS,
): Promise<string> {
  const command = new Deno.Command(program, {
    args,
    cwd,
    stdin: "null",
    signal: AbortSignal.timeout(longestMs),
  });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed: ${text(stderr)}`);
  return text(stdout);
}

/**
 * Writes the bundled modules of the checkout `root` into a folder. What several of them share, and what is imported on demand,
 * is a file of its own, so that a command loads only what it needs.
 *
 * @param named As for {@linkcode withNames}.
 * @returns Their names.
 */
export async function bundleInto(
  folder: string,
  root: string,
  named: string | null,
  longestMs = UNHURRIED_MS,
): Promise<string[]> {
  const made = Deno.makeTempDirSync({ dir: folder });
  const options = [
    "--quiet",
    "--frozen",
    "--platform=deno",
    "--minify",
    "--code-splitting",
    `--outdir=${made}`,
  ];
  await run(Deno.execPath(), ["bundle", ...options, ...ENTRIES], root, longestMs);
  const paths = filesBelow(made);
  const files = new Set(paths.map(fileOf));
  if (files.size < paths.length) throw new Error("Cannot bundle: two modules have one name");
  for (const path of paths) {
    const text = withImports(Deno.readTextFileSync(path), files);
    // A module of types alone is empty, and an empty file cannot be mapped to verify it: launch/unpack.h.
    Deno.writeTextFileSync(`${folder}/${fileOf(path)}`, withNames(text, named) || "\n");
  }
  Deno.removeSync(made, { recursive: true });
  return [...files];
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/**
 * Makes the bundle of the checkout `root` in a folder of `bundles`.
 *
 * @throws {Error} When it cannot be made.
 */
export async function makeBundle(helper: string, root: string, bundles: string): Promise<void> {
  const key = await run(helper, ["key", root], root, LONGEST_MS);
  Deno.mkdirSync(bundles, { recursive: true });
  const made = Deno.makeTempDirSync({ dir: bundles, prefix: "new." });
  try {
    await bundleInto(made, root, root, LONGEST_MS);
    // What changed meanwhile may be in it by half.
    if (await run(helper, ["key", root], root, LONGEST_MS) === key) {
      Deno.renameSync(made, `${bundles}/${key}`);
    }
  } catch (error) {
    Deno.mkdirSync(`${bundles}/${key}`, { recursive: true });
    throw error;
  } finally {
    removeQuietly(made);
    removeOld(bundles);
  }
}

/** Removes the oldest bundles. */
function removeOld(bundles: string): void {
  const all = [...Deno.readDirSync(bundles)].map(({ name }) => `${bundles}/${name}`);
  const age = new Map(all.map((path) => [path, Deno.statSync(path).mtime!.getTime()]));
  for (const path of all.sort((a, b) => age.get(b)! - age.get(a)!).slice(MOST_KEPT)) removeQuietly(path);
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // It is gone.
  }
}

if (import.meta.main) {
  const [helper, root, bundles] = Deno.args;
  await makeBundle(Deno.realPathSync(helper), Deno.realPathSync(root), bundles);
}
