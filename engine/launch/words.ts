import { rawText } from "../../runtime/raw_text.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The words of a program, exactly. The runtime decodes them and replaces bytes that are not UTF-8 by U+FFFD; here they
 * are as `runtime/raw_text.ts` has them.
 *
 * @param words The words as the runtime has them.
 * @param commandLine The words of the process, which end with them.
 */
export function exactWords(words: readonly string[], commandLine: readonly Uint8Array[]): string[] {
  const last = commandLine.slice(-words.length);
  const isOurs = last.length === words.length && last.every((word, i) => decoder.decode(word) === words[i]);
  return isOurs ? last.map(rawText) : [...words];
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
