import assert from "node:assert/strict";
import { type Prompt, promptOf, promptText, typeKey } from "../../../cli/top/prompt.ts";

/** The text with the cursor as `|`. */
const shown = (prompt: Prompt) => {
  const { text, cursor } = prompt;
  return `${text.slice(0, cursor).join("")}|${text.slice(cursor).join("")}`;
};

const typed = (prompt: Prompt, ...keys: string[]) => keys.reduce(typeKey, prompt);

Deno.test("Text is typed, erased and moved in, by characters", () => {
  assert.equal(shown(typed(promptOf(""), ..."a表🙂")), "a表🙂|");
  assert.equal(shown(typed(promptOf("one two"), "backspace", "x")), "one twx|");
  assert.equal(shown(typed(promptOf("one"), "home", "delete", "right")), "n|e");
  assert.equal(shown(typed(promptOf("one two  "), "ctrl-w")), "one |");
  assert.equal(shown(typed(promptOf("one two"), "left", "left", "ctrl-u")), "|wo");
  assert.equal(shown(typed(promptOf("one two"), "ctrl-a", "right", "ctrl-k")), "o|");
  assert.equal(shown(typed(promptOf("one"), "left", "end", "ctrl-e")), "one|");
  assert.equal(shown(typed(promptOf(""), "backspace", "delete", "left", "right", "f1")), "|");
});

Deno.test("Up and down go through earlier texts, newest first, back to an empty one", () => {
  const prompt = promptOf("", ["first", "second"]);
  const texts = ["up", "up", "up", "down", "down", "down"].reduce<Prompt[]>(
    (all, key) => [...all, typeKey(all.at(-1)!, key)],
    [prompt],
  ).map(promptText);
  assert.deepEqual(texts, ["", "second", "first", "first", "second", "", ""]);
});

Deno.test("A change takes the error away", () => {
  assert.equal(typeKey({ ...promptOf("a"), error: "wrong" }, "b").error, null);
});

Deno.test("A text has a limit", () => {
  const long = typed(promptOf("x".repeat(1000)), "y");
  assert.equal(promptText(long), "x".repeat(1000));
});
