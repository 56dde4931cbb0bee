/**
 * `deno task compile [FOLDER]`: makes `ior` for x86-64 and arm64 by `deno compile`: it unpacks itself into a folder when it is
 * first run. It needs Deno's `denort` for each: DENORT_BIN names one for this machine, without it Deno downloads them.
 */

import { HEAP } from "./heap.ts";
import { ENTRIES } from "./make_bundle.ts";
import { partFiles } from "./parts.ts";

/** A machine that ior is compiled for: our name of it and Deno's. */
export const TARGETS = [
  { arch: "x86_64", target: "x86_64-unknown-linux-gnu" },
  { arch: "arm64", target: "aarch64-unknown-linux-gnu" },
] as const;

type Target = typeof TARGETS[number];

/** Nobody chooses permissions by the words that a compiled ior is called with: it has those of every command. */
const PERMISSIONS = ["ffi", "run", "write", "read", "env", "net", "sys=hostname,osRelease,uid,gid"];

/** What is embedded beside the modules that `cli/main.ts` imports: paths in the checkout. */
export function embedded(arch: Target["arch"]): string[] {
  return [...ENTRIES.slice(1), ...partFiles(arch).map(({ path }) => path)];
}

/** The words that compile ior for a machine into a file. */
export function compileWords({ arch, target }: Target, output: string): string[] {
  return [
    ...[
      "compile",
      "--quiet",
      "--no-check",
      "--frozen",
      "--no-prompt",
      "--self-extracting",
      "--exclude-unused-npm",
    ],
    HEAP,
    ...PERMISSIONS.map((name) => `--allow-${name}`),
    ...embedded(arch).map((path) => `--include=${path}`),
    `--target=${target}`,
    `--output=${output}`,
    ENTRIES[0],
  ];
}

/**
 * Compiles ior in the checkout `root`.
 *
 * @throws {Error} When it cannot be compiled, as where there is no `denort`.
 */
export async function compile(root: string, target: Target, output: string): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), {
    args: compileWords(target, output),
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { success, stderr } = await command.output();
  if (success) return;
  throw new Error(
    `Cannot compile ior for ${target.arch}: ${
      reasonIn(new TextDecoder().decode(stderr))
    }; set DENORT_BIN to the denort ` +
      `of Deno ${Deno.version.deno}, or make one file without it: deno task pack`,
  );
}

/** The innermost of Deno's reasons, which it lists after `Caused by:`. */
function reasonIn(stderr: string): string {
  const reasons = Array.from(stderr.matchAll(/^(?: +(?:\d+: )?|error: )(.*)$/gm), ([, reason]) => reason);
  return reasons.filter((reason) => reason !== "<unknown>").at(-1) ?? "deno compile fails";
}

if (import.meta.main) {
  const root = Deno.realPathSync(`${import.meta.dirname}/..`);
  const [folder = "dist"] = Deno.args;
  Deno.mkdirSync(folder, { recursive: true });
  const to = Deno.realPathSync(folder);
  const here = TARGETS.filter(({ target }) => target.startsWith(Deno.build.arch));
  try {
    for (const target of Deno.env.has("DENORT_BIN") ? here : TARGETS) {
      await compile(root, target, `${to}/ior.${target.arch}`);
      console.log(`${folder}/ior.${target.arch}`);
    }
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
