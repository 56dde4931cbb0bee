/** The help of a view. */
import { wrapWords } from "../../text/wrap.ts";
import { globalKeys } from "../global_keys.ts";
import { cutLine, type Line, span, textLine } from "../line.ts";
import type { Model } from "../model.ts";
import type { KeyHelp } from "../views/view.ts";
import { VIEWS } from "../views/views.ts";

/** Columns of the names of keys. */
const KEYS = 18;

/** Keys of every list. */
const LIST_KEYS: readonly KeyHelp[] = [
  ["up down", "select; also k j, page-up page-down, home end, g G"],
  [
    "/",
    "search for a part of a name, a pattern with *, or a /regular expression/; n and N: next and previous match",
  ],
];

/** Keys of every table. */
const TABLE_KEYS: readonly KeyHelp[] = [
  ["< >", "sort by the column to the left or right"],
  ["s", "choose the column to sort by"],
  ["r", "reverse the order"],
];

/** The lines of the help, as many as there are. */
export function helpLines(model: Model, width: number): Line[] {
  const { title, about, keys, content } = VIEWS[model.view];
  const rows = content(model);
  const narrows = rows?.narrow === undefined ? [] : [["enter", "narrow to this row"] as const];
  const sections: [string, readonly KeyHelp[]][] = [
    [`Keys of ${title}`, [...keys, ...narrows]],
    ["Lists", rows === null ? [] : [...LIST_KEYS, ...(rows.sorts === undefined ? [] : TABLE_KEYS)]],
    ["Everywhere", [
      ...globalKeys(model).map(({ keys, does }): KeyHelp => [keysText(keys), does]),
      ["ctrl-c ctrl-z", "quit, and stop until fg"],
      ["mouse", "wheel moves; a click selects a row, a view or a column to sort by"],
    ]],
  ];
  return [
    textLine(title, "heading"),
    ...about.flatMap((text) =>
      wrapWords(text, Math.max(1, width - 2), model.ascii).map((line) => textLine(`  ${line}`))
    ),
    ...sections.filter(([, keys]) => keys.length > 0).flatMap(([heading, keys]) => [
      [],
      textLine(heading, "heading"),
      ...keys.flatMap(([key, does]) => keyLines(key, does, width, model.ascii)),
    ]),
  ].map((line) => cutLine(line, width));
}

function keyLines(key: string, does: string, width: number, ascii: boolean): Line[] {
  return wrapWords(does, Math.max(10, width - KEYS - 2), ascii).map((text, i) => [
    span(`  ${(i === 0 ? key : "").padEnd(KEYS)}`, "good"),
    span(text),
  ]);
}

function keysText(keys: readonly string[]): string {
  return keys.length > 3
    ? `${keys[0]} to ${keys.at(-1)}`
    : keys.map((key) => key === " " ? "space" : key).join(" ");
}
