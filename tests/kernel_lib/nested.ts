/** The program nested.c, built in several ways. */
import assert from "node:assert/strict";
import { outputOf } from "./clang.ts";
import { scratchDirectory } from "./scratch.ts";

const SOURCE = new URL("./nested.c", import.meta.url).pathname;

/** How it is built. */
export interface Build {
  compiler: "gcc" | "clang";
  options: readonly string[];
  /** Name of the program's file. */
  name?: string;
}

/** Builds the program with frame pointers; answers with its path. */
export function buildNested({ compiler, options, name = "nested" }: Build): string {
  const directory = scratchDirectory("nested");
  Deno.chmodSync(directory, 0o755);
  const program = `${directory}/${name}`;
  const args = ["-O2", "-Wall", "-Wextra", "-fno-omit-frame-pointer", ...options, "-o", program, SOURCE];
  const words = outputOf(compiler, args);
  assert.equal(words, "", words ?? `${compiler} is not here: install the package ${compiler}`);
  return program;
}
