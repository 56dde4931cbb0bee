import { OwnProcess } from "../../bpf/own_process.ts";
import { exactWords } from "./words.ts";

/** What the runtime puts in place of bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

/** The words that ior was given, `words`, with the bytes that the runtime could not decode. */
export function ownWords(words: readonly string[]): readonly string[] {
  if (!words.some((word) => word.includes(REPLACEMENT))) return words;
  const own = OwnProcess.open();
  return exactWords(words, own.commandLine());
}
