/**
 * Escapes frames for folded stacks: a line has all frames of a stack, separated by `;`, then a space and the value.
 */
import { RAW_BYTE_BASE } from "../../engine/flame/raw_text.ts";
import { escapeRawBytes } from "../text/escape.ts";

/** Stand for a stack without frames, and for a frame with an empty name. */
export const NO_FRAME = "\\(none)";
const EMPTY_NAME = "\\(empty)";

/**
 * Characters that would end a frame or a line, that readers trim or drop, or that a terminal acts on or hides, and the
 * backslash that starts an escape.
 */
const SPECIAL =
  /[;\\\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

const ESCAPE = /\\(?:x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\}|([2-3][0-7]{2}))/g;

/** Largest code point of Unicode. */
const MAX_CODE_POINT = 0x10ffff;

/**
 * `name` fit for a folded stack: special characters become `\x3b` or `\u{2028}`, also the backslash itself, and bytes that
 * are no UTF-8 `\351`, so that {@linkcode unescapeFrame} gives the same name back. Readers that know no escapes show them as
 * they are.
 */
export function escapeFrame(name: string): string {
  return name === "" ? EMPTY_NAME : name.replace(SPECIAL, escapeCharacter);
}

/** The name that {@linkcode escapeFrame} wrote. Other backslashes, in files of other programs, stay. */
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
