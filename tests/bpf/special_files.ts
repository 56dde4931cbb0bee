import type { SpecialFiles } from "../../bpf/machine.ts";

/** Files of `/proc` and `/sys` with the given texts; the others cannot be read. */
export function filesOf(texts: Record<string, string>): SpecialFiles {
  return {
    openSpecialFile: (path) =>
      path in texts ? { bytes: new TextEncoder().encode(texts[path]), [Symbol.dispose]: () => {} } : null,
    readSpecialText: (path) => texts[path] ?? null,
    readSpecialLink: (path) => texts[path] ?? null,
    contains: (bytes, part) => new TextDecoder().decode(bytes).includes(new TextDecoder().decode(part)),
  };
}
