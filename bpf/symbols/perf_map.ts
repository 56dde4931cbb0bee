/**
 * The names that a just-in-time compiler writes for profilers, a line for each function: address and size in hexadecimal,
 * then the name (tools/perf/Documentation/jit-interface.txt of the kernel). The file grows while the program runs.
 */

/** Maximum number of functions of a map: later ones are left out. */
const MOST_FUNCTIONS = 200_000;

/** Longest line, characters: a longer one is left out. */
const LONGEST_LINE = 64 * 1024;

interface Compiled {
  start: number;
  end: number;
  name: string;
}

/** The functions of a map as far as it was read. */
export class PerfMap {
  readonly #functions: Compiled[] = [];
  readonly #decoder = new TextDecoder();
  #isSorted = true;
  /** What was read of a line that was not complete. */
  #rest = "";
  /** True within a line that is too long. */
  #skipsLine = false;

  /** True when no more functions are taken. */
  get isFull(): boolean {
    return this.#functions.length >= MOST_FUNCTIONS;
  }

  /** Takes the next piece of the file. */
  add(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    if (this.#skipsLine && lines.length > 0) {
      lines.shift();
      this.#skipsLine = false;
    }
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = "";
      this.#skipsLine = true;
    }
    for (const line of lines) {
      const fields = /^(?:0x)?([0-9a-f]+) (?:0x)?([0-9a-f]+) (.+)$/i.exec(line);
      if (fields === null || this.isFull) continue;
      const start = parseInt(fields[1], 16);
      this.#functions.push({ start, end: start + parseInt(fields[2], 16), name: fields[3] });
      this.#isSorted = false;
    }
  }

  /** The name of the function at an address: the one written last, as memory is used again. */
  nameAt(address: number): string | null {
    const functions = this.#functions;
    if (!this.#isSorted) {
      // The order of equal ones stays that of the file.
      functions.sort((a, b) => a.start - b.start);
      this.#isSorted = true;
    }
    let [low, high] = [0, functions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (functions[middle].start <= address) low = middle + 1;
      else high = middle;
    }
    const found = functions[low - 1];
    return found !== undefined && address < found.end ? found.name : null;
  }
}
