import { IorError } from "../../../runtime/errors.ts";
import { statusOf } from "../../exit_status.ts";
import { FLAME_FORMATS, flameFormat, formatOfName } from "../../flame/formats.ts";
import { FLAME_OPTIONS, flameFields, SHAPE_OPTIONS } from "../../options/flame_options.ts";
import { LOOK_OPTIONS, OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { givenOf, refuseLive, refuseSameStandardInput } from "../../options/refusals.ts";
import { LIVE_OPTIONS, ROWS_OPTIONS } from "../../options/run_options.ts";
import { runOptions, selectLive, selectReplay } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { command, PROGRAM_TEXT, RECORDING_NAMES } from "../command.ts";
import { refuseFormat } from "../refuse_format.ts";
import { runExplain } from "../run_explain.ts";
import type { FlameCommand } from "./task.ts";

/** Options that need single calls. */
const CALL_OPTIONS = [...SELECTION_OPTIONS, ...SHAPE_OPTIONS.filter(({ long }) => long === "--fields")];

/** Recordings, and what `ior flame` wrote. */
const READABLE_NAMES = new RegExp(`${RECORDING_NAMES.source}|\\.html$|\\.folded$`);

/** The row of `ior flame`. */
export const FLAME = command({
  name: "flame",
  summary: "draw a flamegraph",
  about: [
    "Draws where time or bytes went as a flamegraph: of this machine, of recordings, or of what an earlier `ior flame` " +
    "wrote as .html or .folded. The extension of --output selects the format; without it the graph is text.",
    PROGRAM_TEXT,
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...LIVE_OPTIONS,
    ...ROWS_OPTIONS,
    OUTPUT_OPTION,
    ...LOOK_OPTIONS,
    ...FLAME_OPTIONS,
  ],
  operands: { kind: "program", comparesWith: "--diff", reads: READABLE_NAMES },
  examples: [
    ["ior flame -o make.html -- make", "a page to look around in"],
    ["ior flame run.parquet -o a.svg", "a picture of a recording"],
    ["ior flame --metric bytes -d 10s", "what moves bytes on the machine"],
    ["ior flame --diff a.html b.html -o c.html", "what grew and what shrank"],
  ],
  build(values, { given, program, files }): FlameCommand {
    const { metric, split, inverted, output } = values;
    const fields = flameFields(values, given);
    const look = lookOptions(values, output);
    if (values.diff && (files.length !== 2 || values.from.length > 0)) {
      throw new IorError("usage", "Cannot compare: --diff needs two files, the earlier one first", {
        hint: "For instance ior flame --diff before.parquet after.parquet -o diff.svg",
      });
    }
    if (values.diff) refuseSameStandardInput(files);
    const diff: FlameCommand["diff"] = values.diff ? [files[0], files[1]] : null;
    const from = diff ? [] : [...values.from, ...files];
    const reads = diff !== null || from.length > 0;
    if (reads) refuseLive(given, program, diff ? "--diff" : files[0] ?? "--from");
    refuseFormat(given, program, FLAME_FORMATS.map(({ name }) => name), "flame");
    const select = (reads ? selectReplay : selectLive)(values);
    const format = values.flameFormat ?? (output === null ? "text" : formatOfName(output));
    if (diff && !flameFormat(format).diff) {
      throw new IorError(
        "usage",
        `Cannot write a comparison as ${format}: that format has no room for two numbers`,
        { hint: "Choose html, svg, folded or text" },
      );
    }
    if (split && output === null) {
      throw new IorError("usage", "Cannot use --split without --output: it writes several files", {
        hint: "For instance -o out.svg gives out.count.svg, out.duration.svg and so on",
      });
    }
    const callFlag = givenOf(given, CALL_OPTIONS);
    const stacks = fields.includes("stack");
    const shape = { fields, metric, from, diff, format, split, inverted, callFlag };
    return { kind: "flame", ...runOptions(look, select, { ...values, stacks }, program, null), ...shape };
  },
  async run(task: FlameCommand) {
    if (task.explains) return await runExplain({ ...task, output: null }, false);
    const { runFlame } = await import("./run.ts");
    return statusOf(await runFlame(task), task.strict);
  },
});
