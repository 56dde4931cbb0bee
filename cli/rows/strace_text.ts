/** Names as strace writes them: bytes that are not printable ASCII as C escapes, octal ones as short as possible. */

/** Bytes with an escape of their own. */
const NAMED: Readonly<Record<number, string>> = {
  0x09: "\\t",
  0x0a: "\\n",
  0x0b: "\\v",
  0x0c: "\\f",
  0x0d: "\\r",
  0x22: '\\"',
  0x5c: "\\\\",
};

const LESS = 0x3c;
const GREATER = 0x3e;
const MINUS = 0x2d;

/** Printable ASCII without what is escaped: nearly every name. */
const PLAIN = /^[ !#-;=?-[\]-~]*$/;

/** The end of the arguments of a call, as readers search for it. */
const CALL_END = /\)(?= +=)/g;

/** A text in quotes; `raw` are its exact bytes when they are not UTF-8. */
export function straceString(text: string, raw: Uint8Array | null): string {
  return `"${escapeBytes(text, raw, false)}"`;
}

/** The file of a descriptor, in angle brackets: `</etc/passwd>`, `</tmp/x>(deleted)`, `<TCP:[a->b]>`. */
export function straceNote(text: string, raw: Uint8Array | null): string {
  const deleted = / \(deleted\)$/.test(text);
  const name = deleted ? text.slice(0, -DELETED.length) : text;
  const bytes = deleted && raw !== null ? raw.subarray(0, raw.length - DELETED.length) : raw;
  // A name without a leading slash is the kernel's spelling: the arrow between two addresses stays.
  return `<${escapeBytes(name, bytes, !name.startsWith("/"))}>${deleted ? "(deleted)" : ""}`;
}

const DELETED = " (deleted)";

/**
 * Angle brackets are escaped in every name, and the parenthesis before an equals sign: readers search for `<unfinished ...>`,
 * `<0.000123>` and `) = ` anywhere in a line, and a file may have any name. A reader of C strings gets the same name.
 */
function escapeBytes(text: string, raw: Uint8Array | null, keepsArrows: boolean): string {
  if (raw === null && PLAIN.test(text)) return text.replace(CALL_END, "\\51");
  const bytes = raw ?? new TextEncoder().encode(text);
  let escaped = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    const isMark = byte === LESS || (byte === GREATER && !(keepsArrows && bytes[i - 1] === MINUS));
    if (NAMED[byte] !== undefined) escaped += NAMED[byte];
    else if (byte < 0x20 || byte > 0x7e || isMark) escaped += octal(byte, bytes[i + 1]);
    else escaped += String.fromCharCode(byte);
  }
  return escaped.replace(CALL_END, "\\51");
}

/** Three digits only where the next character would be taken for one. */
function octal(byte: number, next: number | undefined): string {
  const digits = byte.toString(8);
  return `\\${next !== undefined && next >= 0x30 && next <= 0x37 ? digits.padStart(3, "0") : digits}`;
}
