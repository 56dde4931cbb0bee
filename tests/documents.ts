/** The documents for people, README.md and those of docs/, as tests read them. */
import { readTree, type TextFile } from "./gates/tree.ts";

/** README.md first, then docs/ by name. */
export function readDocuments(): TextFile[] {
  return readTree().filter(({ path }) => /^(README|docs\/\w+)\.md$/.test(path))
    .sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Text of each block of a document that is fenced with exactly this mark. */
export function blocksOf({ text }: TextFile, mark: string): string[] {
  return Array.from(text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)).filter(([, found]) => found === mark)
    .map(([, , block]) => block);
}
