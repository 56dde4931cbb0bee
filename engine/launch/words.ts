const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The bytes of a command's words. The runtime decodes arguments and replaces invalid UTF-8 by U+FFFD; the words that ior
 * was started with end with those of the command, as bytes.
 *
 * @param argv The command as text.
 * @param commandLine The words that ior was started with.
 */
export function argumentBytes(argv: readonly string[], commandLine: readonly Uint8Array[]): Uint8Array[] {
  const last = commandLine.slice(-argv.length);
  const isOurs = last.length === argv.length && last.every((word, i) => decoder.decode(word) === argv[i]);
  return isOurs ? last : argv.map((word) => encoder.encode(word));
}

/**
 * Variables as bytes, `NAME=value`: those that ior was started with, after `change` has edited their texts. It gets
 * a copy and returns the variables of the command. Those it does not change keep their bytes, their place and their
 * duplicates.
 */
export function environmentBytes(
  own: readonly Uint8Array[],
  change: (texts: Record<string, string>) => Record<string, string>,
): Uint8Array[] {
  const texts = environmentTexts(own);
  const changed = change({ ...texts });
  const kept = own.filter((entry) => {
    const [name] = split(entry);
    return name in changed && changed[name] === texts[name];
  });
  const set = Object.entries(changed).filter(([name, value]) => texts[name] !== value);
  return [...kept, ...textEnvironment(Object.fromEntries(set))];
}

/** Variables given as text, as bytes. */
export function textEnvironment(texts: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(texts).map(([name, value]) => encoder.encode(`${name}=${value}`));
}

/** Variables as text, by name. */
export function environmentTexts(own: readonly Uint8Array[]): Record<string, string> {
  return Object.fromEntries(own.map(split));
}

function split(entry: Uint8Array): [name: string, value: string] {
  const text = decoder.decode(entry);
  // A name may begin with the equals sign itself.
  const end = text.indexOf("=", 1);
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}
