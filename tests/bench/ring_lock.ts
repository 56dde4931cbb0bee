/** What the lock of a ring costs, by a program that takes it as the kernel does: alone, and with another CPU. */

const SOURCE = new URL("./ring_lock.c", import.meta.url).pathname;

/** A line for one writer, for two of one ring, and for two of a ring each. */
export function ringLockLines(directory: string, rounds: number, seconds: number): string[] {
  const program = `${directory}/ring_lock`;
  const args = ["-O2", "-pthread", "-o", program, SOURCE];
  const { success, stderr } = new Deno.Command("gcc", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const kinds = [[1, 1], [2, 1], [2, 2]];
  const rates: number[][] = kinds.map(() => []);
  for (let round = 0; round < rounds; round++) {
    kinds.forEach((kind, i) => rates[i].push(writtenPerSecond(program, kind, seconds)));
  }
  return kinds.map(([writers, rings], i) => {
    const [least, most] = [Math.min, Math.max].map((of) => (of(...rates[i]) / 1e6).toFixed(0));
    return `  ${writers} writer(s), ${rings} ring(s): ${least} to ${most} million records/s in all`;
  });
}

function writtenPerSecond(program: string, kind: readonly number[], seconds: number): number {
  const { stdout } = new Deno.Command(program, { args: [...kind, seconds].map(String) }).outputSync();
  const [records, ns] = new TextDecoder().decode(stdout).split(" ").map(Number);
  return records / ns * 1e9;
}

if (import.meta.main) {
  const directory = Deno.makeTempDirSync({ prefix: "ior-bench-" });
  for (const line of ringLockLines(directory, 5, 0.3)) console.log(line);
  Deno.removeSync(directory, { recursive: true });
}
