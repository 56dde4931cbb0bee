/** The project's files as the gates see them. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** One file: its path from the project's root, with slashes, and its text. */
export interface TextFile {
  path: string;
  text: string;
}

/** The project's root, without a slash at its end. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The folders of the product, in the order imports may point: each only to what stands before it. */
export const PRODUCT_FOLDERS = ["runtime", "bpf", "engine", "cli"] as const;

/** What git does not track, as in `.gitignore`. */
const UNTRACKED = new Set([".git", "node_modules", "coverage", "dist"]);

/** Every file of the project that is text, tracked or about to be. */
export function readTree(): TextFile[] {
  return walk(ROOT).flatMap((path) => {
    const bytes = Deno.readFileSync(path);
    return bytes.includes(0) ? [] : [{ path: relative(ROOT, path), text: new TextDecoder().decode(bytes) }];
  });
}

function walk(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .filter((entry) => !UNTRACKED.has(entry.name) && !entry.isSymlink)
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory ? walk(path) : entry.isFile ? [path] : [];
    });
}

/** First folder of a path, `.` for a file of the root. */
export function topFolder(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : ".";
}

/** True for TypeScript that is part of the product: not a test, not a script of the tests. */
export function isProduct(file: TextFile): boolean {
  const folder = topFolder(file.path);
  return file.path === "mod.ts" ||
    file.path.endsWith(".ts") && PRODUCT_FOLDERS.some((name) => name === folder);
}

/** True for TypeScript of the tests. */
export function isTest(file: TextFile): boolean {
  return file.path.endsWith(".ts") && topFolder(file.path) === "tests";
}

/** Number of the line that holds `index`, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** `path:line` of every match of the global `pattern` in `text`, with the text that matched. */
export function matches(path: string, text: string, pattern: RegExp): { where: string; found: string }[] {
  return [...text.matchAll(pattern)].map((match) => ({
    where: `${path}:${lineAt(text, match.index)}`,
    found: match[0],
  }));
}
