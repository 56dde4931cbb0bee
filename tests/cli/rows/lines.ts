import { ByteText, type RowFormat } from "../../../cli/rows/mod.ts";
import type { StreamRow, WarningRow } from "../../../runtime/row.ts";

/** What a renderer appends for a row, without its line feed. */
export function lineOf(
  render: RowFormat["row"],
  decoder = new TextDecoder(),
): (row: StreamRow | WarningRow) => string {
  return (row) => {
    const out = new ByteText();
    render(row, out);
    return decoder.decode(out.take()).replace(/\n$/, "");
  };
}
