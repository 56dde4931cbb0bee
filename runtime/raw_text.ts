/** Largest number of bytes of a character in UTF-8. */
const MAX_CHARACTER_BYTES = 4;

/** What decoders put in place of what is no UTF-8, and its own bytes. */
const REPLACEMENT = "\ufffd";
const REPLACEMENT_BYTES = [0xef, 0xbf, 0xbd];

/** A byte that is no part of UTF-8 is the lone surrogate that is so much above it, as in Python's `surrogateescape`. */
export const RAW_BYTE_BASE = 0xdc00;

/**
 * Bytes as a text that has one form for each: names that differ only in bytes that are no UTF-8 are different texts. UTF-8
 * never decodes to a lone surrogate, so no other name is the same text. What shows names escapes them as `\351`.
 */
export function rawText(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const character = bytes.subarray(at, at + characterBytes(bytes[at]));
    const decoded = decoder.decode(character);
    const valid = !decoded.includes(REPLACEMENT) ||
      REPLACEMENT_BYTES.every((byte, i) => character[i] === byte);
    text += valid ? decoded : String.fromCharCode(RAW_BYTE_BASE + bytes[at]);
    at += valid ? character.length : 1;
  }
  return text;
}

/** Bytes of the character that begins with a byte. */
function characterBytes(first: number): number {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : MAX_CHARACTER_BYTES;
}

/** The bytes of a text of {@linkcode rawText}, and UTF-8 of any other. */
export function rawBytes(text: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  // Between two lone surrogates is plain text.
  const parts = text.split(/([\udc80-\udcff])/u);
  return Uint8Array.from(
    parts.flatMap((part, i) =>
      i % 2 === 1 ? [part.charCodeAt(0) - RAW_BYTE_BASE] : [...encoder.encode(part)]
    ),
  );
}
