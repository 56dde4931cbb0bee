import assert from "node:assert/strict";
import { runIor } from "./ior.ts";
import type { EndRecord } from "./rows.ts";

/** What is used of a report. */
export interface Report {
  calls: number;
  read_bytes: number;
  loss: EndRecord["loss"];
  // deno-lint-ignore no-explicit-any
  [table: string]: any;
}

/** The report of recordings. */
export async function reportOf(...paths: string[]): Promise<Report> {
  const { code, stdout, stderr } = await runIor(["report", "--json", ...paths]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** The numbers of the rows of recordings, in their order. */
export async function numbersOf(...paths: string[]): Promise<number[]> {
  const from = paths.flatMap((path) => ["--from", path]);
  const { code, stdout, stderr } = await runIor(["stream", "--format", "csv", "--columns", "seq", ...from]);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split(/\r?\n/).slice(1).map(Number);
}

/** The numbers from `first` on. */
export function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** All files below a directory, in the order of their names. */
export function filesBelow(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
      isDirectory ? filesBelow(`${directory}/${name}`) : [`${directory}/${name}`]
    ).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The finished segments of a recording that is a directory, oldest first. */
export function segmentsIn(directory: string): string[] {
  return filesBelow(directory).filter((path) => /\/ior-[^/]*\.parquet$/.test(path));
}
