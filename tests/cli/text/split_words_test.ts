import assert from "node:assert/strict";
import { splitWords } from "../../../cli/text/split_words.ts";

Deno.test("Blanks separate words, quotes and backslashes keep them, and nothing is expanded", () => {
  for (
    const [text, words] of [
      ["alert", ["alert"]],
      ["  alert\tdisk  now ", ["alert", "disk", "now"]],
      ["sh -c 'echo \"$IOR_FILE\" *'", ["sh", "-c", 'echo "$IOR_FILE" *']],
      ['a "b c"\'d e\'f ""', ["a", "b cd ef", ""]],
      ['a\\ b \'c\\d\' "e\\"f"', ["a b", "c\\d", 'e"f']],
      ["", []],
      [" ", []],
      ["'open", null],
      ['"open', null],
      ["end\\", null],
    ] as const
  ) assert.deepEqual(splitWords(text), words, text);
});
