/**
 * Makes the bundle of a checkout: `make_bundle.ts HELPER ROOT BUNDLES`. ior's modules become a few files in
 * BUNDLES/KEY, where the launch helper finds them as long as no file of the checkout changes: see launch/bundle.h. A bundle
 * that cannot be made is an empty folder, so that it is tried once.
 */

import { pathToFileURL } from "node:url";

/** The modules that are started: ior itself and its workers. */
const ENTRIES = [
  "cli/main.ts",
  "engine/workers/stats_worker.ts",
  "engine/workers/flame_worker.ts",
  "engine/workers/recorder_worker.ts",
];

/** What modules name beside themselves, by how it begins, with the module. A worker is in the bundle. */
const BESIDE: [start: string, module: string][] = [
  ["../../launch/", "engine/launch/helper.ts"],
  ["./ior.", "bpf/load.ts"],
];

/** Bundles that are kept, of this and other checkouts: one that runs may still start workers from its own. */
const MOST_KEPT = 8;

/** Longest time for a step: the bundler of Deno is fetched once. */
const LONGEST_MS = 20_000;

/** A name beside a module, as the bundler leaves it. */
const URL_BESIDE = /new URL\((["'`])(\.[^"'`]*)\1,\s*import\.meta\.url\)/g;

/** The file of an entry in the bundle. */
const fileOf = (entry: string) => entry.replace(/^.*\/(\w+)\.ts$/, "$1.mjs");

/**
 * The text of a bundled module with every name beside it as it was in the sources.
 *
 * @throws {Error} For a name that is not in the tables.
 */
export function withNames(text: string, root: string): string {
  const named = text.replace(URL_BESIDE, (_, quote: string, name: string) => {
    const entry = ENTRIES.find((entry) => entry.endsWith(name.slice(1)));
    if (entry !== undefined) return `new URL("./${fileOf(entry)}",import.meta.url)`;
    const module = BESIDE.find(([start]) => name.startsWith(start))?.[1];
    if (module === undefined) {
      throw new Error(`Cannot bundle: ${name} is named beside a module that is not known`);
    }
    return `new URL(${quote}${name}${quote},${JSON.stringify(pathToFileURL(`${root}/${module}`))})`;
  });
  const left = named.replaceAll(/new URL\("\.\/\w+\.mjs",import\.meta\.url\)/g, "").match(
    /import\.meta\.(?!main)\w+/,
  );
  if (left !== null) throw new Error(`Cannot bundle: ${left[0]} is used in another way`);
  return named;
}

/** The standard output of a program. */
async function run(program: string, args: string[], cwd: string): Promise<string> {
  const command = new Deno.Command(program, {
    args,
    cwd,
    stdin: "null",
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed: ${text(stderr)}`);
  return text(stdout);
}

/**
 * Makes the bundle of the checkout `root` in a folder of `bundles`.
 *
 * @throws {Error} When it cannot be made.
 */
export async function makeBundle(helper: string, root: string, bundles: string): Promise<void> {
  const key = await run(helper, ["key", root], root);
  Deno.mkdirSync(bundles, { recursive: true });
  const made = Deno.makeTempDirSync({ dir: bundles, prefix: "new." });
  try {
    const [first, ...others] = ENTRIES;
    const bundle = async (entry: string) => {
      const file = `${made}/${fileOf(entry)}`;
      const options = ["--quiet", "--frozen", "--platform=deno", "--minify", `--output=${file}`];
      await run(Deno.execPath(), ["bundle", ...options, entry], root);
      Deno.writeTextFileSync(file, withNames(Deno.readTextFileSync(file), root));
    };
    // Alone: where the bundler is not there yet, several at once get into each other's way while they fetch it.
    await bundle(first);
    await Promise.all(others.map(bundle));
    // What changed meanwhile may be in it by half.
    if (await run(helper, ["key", root], root) === key) Deno.renameSync(made, `${bundles}/${key}`);
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
