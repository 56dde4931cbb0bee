/** Texts in the language of man(7). */

/** What has another meaning, or another look, in the language. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
};

/** A text as it is: nothing in it is an instruction, also not at the begin of a line. */
export function plain(text: string): string {
  const escaped = text.replace(/[\\\-'`^~]/g, (character) => ESCAPES[character]);
  return escaped.startsWith(".") ? `\\&${escaped}` : escaped;
}

/** A text in bold, as the words that one types are. */
export function bold(text: string): string {
  return `\\fB${plain(text)}\\fR`;
}

/** A text in italics, as what stands for a value is. */
export function italic(text: string): string {
  return `\\fI${plain(text)}\\fR`;
}

/** Lines of a list: a term, and what it is. */
export function term(name: string, text: string): string[] {
  return [".TP", name, plain(text)];
}

/** Lines of a list of sentences. */
export function bullet(text: string): string[] {
  return [".IP \\(bu 2", plain(text)];
}
