/** What /proc says of processes that may end at any moment. */

/** A file of a process; empty when it has ended. */
export function procText(path: string): string {
  return unlessEnded(() => Deno.readTextFileSync(path), "");
}

/** Where the descriptors of a process lead; none when it has ended. */
export function descriptorsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return unlessEnded(() => [...Deno.readDirSync(folder)], [])
    .map(({ name }) => unlessEnded(() => Deno.readLinkSync(`${folder}/${name}`), ""));
}

/** CPU of a process so far, in hundredths of a second; 0 when it has ended. */
export function cpuTicks(pid: number): number {
  // The second field, a name in parentheses, may have spaces; utime and stime are fields 14 and 15.
  const fields = procText(`/proc/${pid}/stat`).replace(/^.*\) /s, "").split(" ");
  return fields.length === 1 ? 0 : Number(fields[11]) + Number(fields[12]);
}

function unlessEnded<T>(look: () => T, ended: T): T {
  try {
    return look();
  } catch (error) {
    // A file that is open already says ESRCH.
    if (error instanceof Deno.errors.NotFound || (error as { code?: string }).code === "ESRCH") return ended;
    throw error;
  }
}
