/** The option that ends a run after a number of outputs. */
import { option, type OptionGroup } from "./option.ts";
import { readWholeNumber } from "./values.ts";

/** More than anyone reads: one a second for eleven days. */
const COUNT_MAX = 1_000_000;

/** Stops after so many of them. */
export function countOption(group: OptionGroup, what: string) {
  return option({
    key: "count",
    long: "--count",
    short: "-n",
    value: "N",
    example: "10",
    group,
    summary: `stop after N ${what}`,
    initial: null as number | null,
    read: (text) => readWholeNumber("--count", text, 1, COUNT_MAX, "For instance --count 10"),
  });
}
