/**
 * The words of a command line. Blanks separate them; quotes of both kinds keep them, and a backslash keeps the next character,
 * but not within single quotes. Nothing is expanded. `null` when a quote is not closed, or nothing follows a backslash.
 */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "\\" && quote !== "'") {
      if (++i === text.length) return null;
      word = (word ?? "") + text[i];
    } else if (character === quote) {
      quote = "";
    } else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (quote === "" && /\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== "") return null;
  return word === null ? words : [...words, word];
}
