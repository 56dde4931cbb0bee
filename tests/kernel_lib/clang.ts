import assert from "node:assert/strict";

/** The clang that built what is checked in: that of Debian 12. Another one gives other bytes. */
const CLANG_MAJOR = 14;

/**
 * What a program writes, on both of its outputs; `null` when it is not there.
 *
 * @throws {assert.AssertionError} When it fails.
 */
export function outputOf(command: string, args: string[], env: Record<string, string> = {}): string | null {
  try {
    const { success, stdout, stderr } = new Deno.Command(command, { args, env, stdin: "null" }).outputSync();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(success, `${command} ${args.join(" ")} failed:\n${text}`);
    return text;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The right clang by whatever name it has here. */
export function findClang(): string {
  const seen: string[] = [];
  for (const name of [Deno.env.get("CLANG"), `clang-${CLANG_MAJOR}`, "clang"]) {
    if (!name) continue;
    const version = /clang version (\d+)/.exec(outputOf(name, ["--version"]) ?? "")?.[1];
    if (Number(version) === CLANG_MAJOR) return name;
    seen.push(`${name} is ${version ?? "not there"}`);
  }
  assert.fail(
    `What is checked in was built by clang ${CLANG_MAJOR}, which is not here (${seen.join(", ")}); ` +
      `install the package clang-${CLANG_MAJOR}, or name one with CLANG=`,
  );
}
