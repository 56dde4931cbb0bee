/** A line of text that is typed, with a cursor and a history. */
import { isPrintable } from "./keys.ts";

/** Longest text: longer ones come from a paste by mistake. */
const MAX_CHARACTERS = 1000;

/** What is typed. */
export interface Prompt {
  /** Characters, each a code point. */
  text: readonly string[];
  /** Characters before the cursor. */
  cursor: number;
  /** Earlier texts, newest last. */
  history: readonly string[];
  /** Which of them is shown, counted from the end; 0 for none. */
  back: number;
  /** What was wrong with the text, `null` for nothing. */
  error: string | null;
}

/** A prompt with a text, the cursor after it. */
export function promptOf(text: string, history: readonly string[] = []): Prompt {
  const characters = [...text];
  return { text: characters, cursor: characters.length, history, back: 0, error: null };
}

/** The text. */
export function promptText({ text }: Prompt): string {
  return text.join("");
}

/** The prompt after a key; unchanged for a key that it does not know. */
export function typeKey(prompt: Prompt, key: string): Prompt {
  const { text, cursor } = prompt;
  const edit = (from: number, to: number, typed: string[] = []): Prompt => ({
    ...prompt,
    text: [...text.slice(0, from), ...typed, ...text.slice(to)],
    cursor: from + typed.length,
    error: null,
  });
  const move = (to: number): Prompt => ({ ...prompt, cursor: Math.min(Math.max(to, 0), text.length) });
  switch (key) {
    case "backspace":
      return cursor === 0 ? prompt : edit(cursor - 1, cursor);
    case "delete":
    case "ctrl-d":
      return cursor === text.length ? prompt : edit(cursor, cursor + 1);
    case "left":
    case "ctrl-b":
      return move(cursor - 1);
    case "right":
    case "ctrl-f":
      return move(cursor + 1);
    case "home":
    case "ctrl-a":
      return move(0);
    case "end":
    case "ctrl-e":
      return move(text.length);
    case "ctrl-u":
      return edit(0, cursor);
    case "ctrl-k":
      return edit(cursor, text.length);
    case "ctrl-w":
      return edit(wordStart(text, cursor), cursor);
    case "up":
      return earlier(prompt, prompt.back + 1);
    case "down":
      return earlier(prompt, prompt.back - 1);
  }
  return isPrintable(key) && text.length < MAX_CHARACTERS ? edit(cursor, cursor, [key]) : prompt;
}

function earlier(prompt: Prompt, back: number): Prompt {
  const { history } = prompt;
  if (back < 0 || back > history.length) return prompt;
  return { ...promptOf(back === 0 ? "" : history[history.length - back], history), back };
}

function wordStart(text: readonly string[], cursor: number): number {
  let at = cursor;
  while (at > 0 && text[at - 1] === " ") at--;
  while (at > 0 && text[at - 1] !== " ") at--;
  return at;
}
