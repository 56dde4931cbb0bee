/** Names as they are shown: they come from the traced programs, which may choose them to mislead. */

/** As in ior's terminal output: characters that control or reorder text, or are invisible. */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\\]|(?! )\p{Zs}/gu;
const LEADING_MARK = /^[\p{M}\u1160-\u11ff\ud7b0-\ud7fb]/u;
/** @type {Record<string, string>} */
const NAMED = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** Shown instead of an empty name, which would be invisible. */
const EMPTY_NAME = "(empty)";

/**
 * `text` with such characters escaped as `\n`, `\x1b` or `\u{202e}`, and each backslash doubled.
 * @param {string} text
 */
export function showName(text) {
  if (text === "") return EMPTY_NAME;
  return text.replace(UNSAFE, escapeCharacter).replace(LEADING_MARK, escapeCharacter);
}

/** @param {string} character */
function escapeCharacter(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  const named = NAMED[character];
  if (named !== undefined) return named;
  // A byte that is not UTF-8, see escape.ts.
  if (code > 0xdc7f && code < 0xdd00) return `\\${(code - 0xdc00).toString(8)}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/**
 * Parts of a path as one text; the first part of an absolute path has its slash.
 * @param {string[]} parts
 */
export function joinPath(parts) {
  return parts.reduce((path, part) => path.endsWith("/") ? path + part : `${path}/${part}`);
}

/**
 * Hash of a name, the same in every run, over all 32 bits (FNV-1a).
 * @param {string} text
 */
export function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}
