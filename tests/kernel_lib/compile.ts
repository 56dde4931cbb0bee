import { scratchDirectory } from "./scratch.ts";

/** Lines of the compiler's words that are shown; what follows the first error rarely says more. */
const SHOWN_LINES = 20;

/** Optimised, so that CALL is a call; static, so that nothing is loaded before the scenario; with threads. */
export const BUILD_OPTIONS = ["-O1", "-static", "-pthread", "-Wall", "-Wextra", "-Wno-unused-parameter"];

const built = new Map<string, Promise<string>>();

/**
 * Compiles a C source and answers with the program's path; once per run and source.
 *
 * @throws {Error} With the compiler's words when it does not compile.
 */
export function compile(source: string): Promise<string> {
  let program = built.get(source);
  if (program === undefined) built.set(source, program = build(source));
  return program;
}

async function build(source: string): Promise<string> {
  const name = source.slice(source.lastIndexOf("/") + 1).replace(/\.c$/, "");
  const program = `${scratchDirectory("bin")}/${name}`;
  Deno.chmodSync(program.slice(0, program.lastIndexOf("/")), 0o755);
  const args = [...BUILD_OPTIONS, "-o", program, source];
  const { success, stderr } = await new Deno.Command("gcc", { args, stdout: "null", stderr: "piped" })
    .output();
  const words = new TextDecoder().decode(stderr);
  if (!success) throw new Error(`gcc cannot compile ${source}:\n${shortened(words)}`);
  if (words !== "") throw new Error(`gcc warns of ${source}:\n${shortened(words)}`);
  return program;
}

function shortened(words: string): string {
  const lines = words.split("\n");
  return lines.length <= SHOWN_LINES ? words : [...lines.slice(0, SHOWN_LINES), "…"].join("\n");
}
