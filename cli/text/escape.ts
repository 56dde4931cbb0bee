/** Traced text is untrusted: names are chosen by whoever runs on the machine. */
import { RAW_BYTE_BASE } from "../../runtime/raw_text.ts";

/**
 * Characters that a terminal acts on or does not show: control and format characters (bidirectional overrides among
 * them), separators other than the space, everything Unicode calls ignorable, private and unassigned code points,
 * and the blank braille pattern, which looks like a space.
 */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\\]|(?! )\p{Zs}/gu;

/** A mark, or a part of a Hangul syllable, at the start would be drawn over the character before the text. */
const LEADING_MARK = /^[\p{M}\u1160-\u11ff\ud7b0-\ud7fb]/u;

const NOT_ASCII = /[^ -~]/gu;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** How {@linkcode escapeText} escapes. */
export interface EscapeOptions {
  /** Escape everything outside ASCII as well. */
  ascii?: boolean;
}

/**
 * `text` fit for a terminal: what could move the cursor, change colours, reorder or hide text becomes `\n`, `\r`, `\t`,
 * `\x1b` or `\u{202e}`, and a byte that is no UTF-8 (see `runtime/raw_text.ts`) `\351`, as `ls -b` and git have it. A
 * backslash becomes two, so no other text gives the same result.
 *
 * ```ts
 * import { escapeText } from "./escape.ts";
 * escapeText("a\x1b[31mb"); // "a\\x1b[31mb"
 * ```
 */
export function escapeText(text: string, options: EscapeOptions = {}): string {
  const safe = text.replace(UNSAFE, escapeCharacter).replace(LEADING_MARK, escapeCharacter);
  return options.ascii ? safe.replace(NOT_ASCII, escapeCharacter) : safe;
}

/** `""` instead of an empty name, which would be invisible. */
export function visibleName(text: string): string {
  return text === "" ? '""' : text;
}

/** A traced name fit for a terminal: as {@linkcode escapeText}, and visible when it is empty. */
export function escapeName(text: string, options: EscapeOptions = {}): string {
  return escapeText(visibleName(text), options);
}

/**
 * A message fit for a terminal: plain text around values, some of which are escaped already. Its backslashes stay as they
 * are.
 */
export function escapeMessage(text: string, options: EscapeOptions = {}): string {
  return text.split("\\").map((part) => escapeText(part, options)).join("\\");
}

/** `text` with the bytes that are no UTF-8 as {@linkcode escapeText} has them, and nothing else changed. */
export function escapeRawBytes(text: string): string {
  return text.replace(/[\udc80-\udcff]/gu, escapeCharacter);
}

function isRawByte(code: number): boolean {
  return code >= RAW_BYTE_BASE + 0x80 && code <= RAW_BYTE_BASE + 0xff;
}

function escapeCharacter(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0)!;
  if (isRawByte(code)) return `\\${(code - RAW_BYTE_BASE).toString(8)}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
