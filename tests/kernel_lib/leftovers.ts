import { fileURLToPath } from "node:url";
import { waitFor } from "../wait.ts";
import { compile } from "./compile.ts";

/** Time the kernel may take to free what nobody holds any more. */
const FREED_MS = 20_000;

/** A program in the kernel. */
interface KernelProgram {
  id: number;
  name: string;
  /** Instructions that the verifier looked at, each as often as it did. */
  verified: number;
}

/** The programs named as ior's that are in the kernel. */
async function listPrograms(): Promise<KernelProgram[]> {
  const lister = await compile(fileURLToPath(new URL("./bpf_ids.c", import.meta.url)));
  const { success, stdout, stderr } = await new Deno.Command(lister, { args: ["ior_"] }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot list programs: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout).split("\n").filter((line) => line !== "").map((line) => {
    const [id, name, verified] = line.split(" ");
    return { id: Number(id), name, verified: Number(verified) };
  });
}

/** Their numbers. */
export async function programsInKernel(): Promise<number[]> {
  return (await listPrograms()).map(({ id }) => id);
}

/** Instructions that the verifier looked at, for each program that this process holds. */
export async function verifiedInstructions(): Promise<Record<string, number>> {
  const held = new Set(programsHeldBy(Deno.pid));
  const programs = (await listPrograms()).filter(({ id }) => held.has(id));
  return Object.fromEntries(programs.map(({ name, verified }) => [name, verified]));
}

/** Numbers of the programs that a process holds by descriptors. */
export function programsHeldBy(pid: number): number[] {
  try {
    const names = [...Deno.readDirSync(`/proc/${pid}/fdinfo`)].map(({ name }) => name);
    return names.flatMap((name) => programOf(`/proc/${pid}/fdinfo/${name}`));
  } catch {
    return []; // the process has just gone
  }
}

/** The number of the program that a descriptor holds, if it holds one. */
function programOf(fdinfo: string): number[] {
  try {
    const match = /^prog_id:\s*(\d+)$/m.exec(Deno.readTextFileSync(fdinfo));
    return match ? [Number(match[1])] : [];
  } catch {
    return []; // it has just been closed
  }
}

/** A map in the kernel. */
export interface HeldMap {
  id: number;
  /** Number of its type. */
  kind: number;
  valueBytes: number;
  entries: number;
  /** All that it takes, by the kernel's account. */
  bytes: number;
}

/** The maps that a process holds by descriptors, each once. */
export function mapsHeldBy(pid: number): HeldMap[] {
  const maps = new Map<number, HeldMap>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fdinfo`)) {
    const map = mapOf(`/proc/${pid}/fdinfo/${name}`);
    if (map !== null) maps.set(map.id, map);
  }
  return [...maps.values()];
}

/** The map that a descriptor holds, `null` for another one. */
function mapOf(fdinfo: string): HeldMap | null {
  let text: string;
  try {
    text = Deno.readTextFileSync(fdinfo);
  } catch {
    return null; // it has just been closed
  }
  const field = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)$`, "m").exec(text)?.[1]);
  const [id, kind, valueBytes] = [field("map_id"), field("map_type"), field("value_size")];
  return isNaN(id) ? null : { id, kind, valueBytes, entries: field("max_entries"), bytes: field("memlock") };
}

/** Numbers of ior's programs in the kernel that no process holds: pinned or attached beyond the end of their ior. */
async function programsLeftBehind(): Promise<number[]> {
  const programs = await programsInKernel();
  const held = new Set<number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (/^\d+$/.test(name)) { for (const id of programsHeldBy(Number(name))) held.add(id); }
  }
  return programs.filter((id) => !held.has(id));
}

/** Waits until nothing of ior's is in the kernel but what a living ior holds; other runs may go on meanwhile. */
export async function nothingLeftBehind(): Promise<void> {
  await waitFor(async () => (await programsLeftBehind()).length === 0, {
    timeoutMs: FREED_MS,
    what: "the kernel to have none of ior's programs that no process holds",
  });
}

/** Waits until none of these programs is in the kernel any more. */
export async function allGone(programs: readonly number[]): Promise<void> {
  await waitFor(async () => {
    const there = new Set(await programsInKernel());
    return programs.every((id) => !there.has(id));
  }, { timeoutMs: FREED_MS, what: `the programs ${programs.join(", ")} to leave the kernel` });
}
