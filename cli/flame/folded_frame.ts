/**
 * Escapes frames for folded stacks: a line holds all frames of a stack, separated by `;`, then a space and the value.
 */
import { RAW_BYTE_BASE } from "../../runtime/raw_text.ts";
import { escapeRawBytes } from "../text/escape.ts";

/** Placeholders for a stack without frames, and for a frame with an empty name. */
export const NO_FRAME = "\\(none)";
const EMPTY_NAME = "\\(empty)";

/**
 * Characters that would end a frame or a line, that readers trim or drop, or that a terminal interprets or hides, and the
 * backslash that starts an escape.
 */
const SPECIAL =
  /[;\\\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

const ESCAPE = /\\(?:x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\}|([2-3][0-7]{2}))/g;

/** Largest code point of Unicode. */
const MAX_CODE_POINT = 0x10ffff;

/**
 * `name` escaped for a folded stack: special characters, including the backslash itself, become `\x3b` or `\u{2028}`, and
 * bytes that are not UTF-8 become `\351`, so that {@linkcode unescapeFrame} returns the same name. Readers without support
 * for escapes show them literally.
 */
export function escapeFrame(name: string): string {
  return name === "" ? EMPTY_NAME : name.replace(SPECIAL, escapeCharacter);
}

/** The name that {@linkcode escapeFrame} wrote. Other backslashes, in files of other programs, are kept. */
export function unescapeFrame(text: string): string {
  if (text === EMPTY_NAME) return "";
  return text.replace(ESCAPE, (escape, ...[byte, point, raw]: (string | undefined)[]) => {
    if (raw !== undefined) return String.fromCharCode(RAW_BYTE_BASE + parseInt(raw, 8));
    const code = parseInt(byte ?? point!, 16);
    return code > MAX_CODE_POINT ? escape : String.fromCodePoint(code);
  });
}

function escapeCharacter(character: string): string {
  const raw = escapeRawBytes(character);
  if (raw !== character) return raw;
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
