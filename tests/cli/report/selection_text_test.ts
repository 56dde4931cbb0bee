import assert from "node:assert/strict";
import { selectionOptions } from "../../../cli/report/selection_text.ts";
import { splitWords } from "../../../cli/text/split_words.ts";
import { parseTrace } from "../commands/machine.ts";

const SELECTIONS = [
  ["-p", "1,2", "-t", "5", "-u", "0,alice", "--gid", "staff", "--no-follow"],
  ["--comm", "my tool,a\\,b", "--no-comm", "it's", "-P", "/tmp/my dir,*.db", "--no-path", "^/proc"],
  ["-e", "/^open/,%file", "--no-syscall", "close", "--kind", "read", "--errno", "ENOENT", "-x"],
  ["--family", "FS,Network", "--cgroup", "web,/a b", "--slower", "1234567ns"],
  ["--slower", "1.5ms", "--where", 'comm = "a \\"b\\"" or path ~ *.db'],
];

Deno.test("The options that a header shows select what was selected", () => {
  for (const words of SELECTIONS) {
    const { selectionDescription, selection } = parseTrace(...words);
    const options = selectionOptions(selectionDescription).join(" ");
    const again = parseTrace(...splitWords(options)!);
    assert.deepEqual(again.selectionDescription, selectionDescription, options);
    assert.deepEqual(again.selection, selection, options);
  }
});
