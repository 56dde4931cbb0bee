import assert from "node:assert/strict";
import { manualPage } from "../../../../cli/commands/man/page.ts";
import { bold, plain, term } from "../../../../cli/commands/man/roff.ts";
import { TOPICS } from "../../../../cli/commands/topics/topics.ts";
import { COMMANDS, parse } from "../machine.ts";

const pageOf = (name: string) => manualPage(name, COMMANDS, TOPICS);

Deno.test("What a text has is not read as an instruction", () => {
  assert.equal(plain(".TH \\ 'a' --b `c` ^~"), "\\&.TH \\e \\(aqa\\(aq \\-\\-b \\(gac\\(ga \\(ha\\(ti");
  assert.deepEqual(term(bold("-x"), "'.db'"), [".TP", "\\fB\\-x\\fR", "\\(aq.db\\(aq"]);
});

Deno.test("A command's page has its options, notes, statuses and examples", () => {
  for (const command of COMMANDS) {
    const page = pageOf(command.name);
    assert.ok(page.startsWith(`.TH IOR-${command.name.toUpperCase()} 1 `), command.name);
    for (const { long, summary } of command.options) {
      if (summary !== null) assert.ok(page.includes(bold(long)), `${command.name} ${long}`);
    }
    for (const [line] of command.examples) assert.ok(page.includes(bold(line)), line);
    assert.equal(page.includes(".SH EXIT STATUS"), command.operands.kind !== "choice", command.name);
  }
  assert.match(pageOf("trace"), /^\.SH HOW CONDITIONS WORK$/m);
});

Deno.test("The page of ior lists commands and topics; a topic has a page, or a part of the command of its name", () => {
  const root = pageOf("ior");
  for (const { name } of [...COMMANDS, ...TOPICS]) assert.ok(root.includes(bold(`ior-${name}`)), name);
  assert.match(pageOf("filter"), /^\.TH IOR-FILTER 7 /);
  assert.match(pageOf("report"), /^\.SH TABLES$/m);
});

Deno.test("Every page can be asked for, and no other", () => {
  for (const { name } of [...COMMANDS, ...TOPICS, { name: "ior" }]) {
    assert.deepEqual(parse("man", name), { kind: "man", page: name });
  }
  assert.throws(() => parse("man", "ls"), /Unknown page `ls`/);
});
