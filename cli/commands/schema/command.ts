import { ExitStatus } from "../../exit_status.ts";
import { HELP_OPTIONS } from "../../options/look_options.ts";
import { SCHEMA_NAMES, type SchemaName } from "../../schema/mod.ts";
import { command } from "../command.ts";
import { printOwn } from "../../say.ts";

/** `ior schema`. */
export interface SchemaCommand {
  /** Tells the commands apart. */
  kind: "schema";
  /** Which schema to print. */
  name: SchemaName;
}

/** The row of `ior schema`. */
export const SCHEMA = command({
  name: "schema",
  summary: "print the JSON Schema of an output",
  about: [
    "Prints a JSON Schema (2020-12): `report` describes the document of trace --json, `rows` each line of " +
    "stream --format ndjson, `files` the document of files --json, `diff` that of diff --json, `flame` the data in " +
    "a page of flame, `explain` the document of trace --explain --json, `probes` that of probes --json, `doctor` that " +
    "of doctor --json. Additions to an output keep the number of its schema, so readers must ignore unknown members.",
  ],
  options: HELP_OPTIONS,
  operands: { kind: "choice", what: "schema", choices: SCHEMA_NAMES },
  examples: [
    ["ior schema report", "the document of trace --json"],
    ["ior schema rows", "the lines of stream --format ndjson"],
    ["ior schema files", "the document of files --json"],
    ["ior schema diff", "the document of diff --json"],
    ["ior schema flame", "the data in a page of flame"],
    ["ior schema explain", "the document of trace --explain --json"],
    ["ior schema probes", "the document of probes --json"],
    ["ior schema doctor", "the document of doctor --json"],
  ],
  build: (_values, { files: [name] }): SchemaCommand => ({ kind: "schema", name: name as SchemaName }),
  async run({ name }: SchemaCommand) {
    const { schemaText } = await import("../../schema/mod.ts");
    printOwn(await schemaText(name));
    return ExitStatus.OK;
  },
});
