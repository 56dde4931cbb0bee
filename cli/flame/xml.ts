/** XML as text. */
import { escapeText } from "../text/escape.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * `text` for the inside of an element or a quoted attribute. Characters that XML forbids, that are invisible, or that
 * reorder text are escaped as on a terminal (see `cli/text/escape.ts`).
 */
export function xmlText(text: string): string {
  return xmlEntities(escapeText(text));
}

/** Escapes text without forbidden characters, such as the result of `escapeText`, for XML. */
export function xmlEntities(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A number of pixels, rounded to a hundredth. */
export function pixels(value: number): string {
  return String(Math.round(value * 100) / 100);
}
