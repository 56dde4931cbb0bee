/** ior with less than it wants: without privileges, with files of the system hidden. */
import assert from "node:assert/strict";
import { type IorOptions, MAIN } from "./ior.ts";
import { scratchDirectory } from "./scratch.ts";

/** The user without any rights of its own. */
const NOBODY = 65534;

/** Words that run a command where `preparation` has changed what is mounted, for it alone. */
export function mounted(preparation: string): string[] {
  return ["unshare", "-m", "sh", "-c", `${preparation} && exec "$@"`, "sh"];
}

/**
 * Runs ior as an ordinary user, with these capabilities besides (`+bpf,+perfmon`). Others may not even enter the folders that
 * the checkout and the runtime lie in, so both are mounted in the user's home. `replaced` has files that take the place of files
 * of the checkout, by the path in it.
 */
export function asOrdinaryUser(
  capabilities = "",
  replaced: Readonly<Record<string, string>> = {},
): IorOptions & { wrapper: string[]; home: string } {
  const home = scratchDirectory("home");
  Deno.chownSync(home, NOBODY, NOBODY);
  Deno.chmodSync(home, 0o755);
  Deno.mkdirSync(`${home}/tree`);
  Deno.writeTextFileSync(`${home}/deno`, "");
  const mounts = Object.entries({ "": MAIN.replace(/\/cli\/main\.ts$/, ""), ...replaced })
    .map(([path, file]) => `mount --bind ${file} ${home}/tree/${path}`);
  const sets = capabilities === "" ? "-all" : `-all,${capabilities}`;
  return {
    wrapper: [
      ...mounted([...mounts, `mount --bind ${Deno.execPath()} ${home}/deno`].join(" && ")),
      "setpriv",
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      "--clear-groups",
      `--inh-caps=${sets}`,
      `--ambient-caps=${sets}`,
    ],
    places: { deno: `${home}/deno`, main: `${home}/tree/cli/main.ts` },
    env: { HOME: home, DENO_DIR: `${home}/cache` },
    cwd: "/",
    home,
  };
}

/** Every file that is the system's libbpf. */
function libraries(): string[] {
  const { stdout } = new Deno.Command("/sbin/ldconfig", { args: ["-p"] }).outputSync();
  const paths = [...new TextDecoder().decode(stdout).matchAll(/libbpf\.so\S* .*=> (\S+)/g)].map(([, path]) =>
    path
  );
  assert.ok(paths.length > 0, "the system has no libbpf");
  return [...new Set(paths.map((path) => Deno.realPathSync(path)))];
}

/** Words that run a command with another file in place of libbpf. */
export function overLibraries(file: string): string[] {
  return mounted(libraries().map((path) => `mount --bind ${file} ${path}`).join(" && "));
}
