/** What is mapped where in a process, by the text of `/proc/PID/maps` (proc_pid_maps(5)). */

/** Memory of a process that can be run. */
export interface Mapping {
  start: number;
  /** The first address behind it. */
  end: number;
  /** Where in the file it begins, bytes. */
  offset: number;
  /** Its file, or what the kernel calls it: `[vdso]`; empty for memory that the process has made itself. */
  path: string;
  /** Device and inode of its file. */
  inode: string;
  /** The addresses as they stand there: the name of its link in `/proc/PID/map_files`. */
  name: string;
}

/** The mappings that can be run, in the order of their addresses. */
export function readMaps(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  for (const line of text.split("\n")) {
    const fields = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) (\S+ \d+) *(.*)$/.exec(line);
    if (fields === null) continue;
    const [start, end, offset] = fields.slice(1, 4).map((digits) => parseInt(digits, 16));
    // The kernel spells a line end in a path as \012.
    const path = fields[5].replaceAll("\\012", "\n");
    mappings.push({ start, end, offset, path, inode: fields[4], name: `${fields[1]}-${fields[2]}` });
  }
  return mappings;
}

/** The mapping that an address is in. */
export function mappingOf(mappings: readonly Mapping[], address: number): Mapping | null {
  let [low, high] = [0, mappings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mappings[middle].end <= address) low = middle + 1;
    else high = middle;
  }
  const found = mappings[low];
  return found !== undefined && found.start <= address ? found : null;
}
