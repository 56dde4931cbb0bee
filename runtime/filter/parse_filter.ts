/** Parses the text of a filter. */
import { quantityOf, readExpression, WordReader } from "../expression/mod.ts";
import { syscallByName } from "../syscalls/mod.ts";
import { emptyFilter, type Filter } from "./filter.ts";

/**
 * Reads what `formatFilter` writes. Throws an `IorError` of code `usage` that names the column of the mistake.
 *
 * ```ts
 * import { parseFilter } from "./parse_filter.ts";
 * parseFilter("pid 1 syscall read where latency > 5ms").pids; // [1]
 * ```
 */
export function parseFilter(text: string): Filter {
  const reader = new WordReader({ option: "filter", text, example: "syscall read where failed" });
  const filter = emptyFilter();
  if (reader.takeName("pid")) filter.pids = readList(reader, readNumber);
  if (reader.takeName("tid")) filter.tids = readList(reader, readNumber);
  if (reader.takeName("no-follow")) filter.follow = false;
  if (reader.takeName("syscall")) filter.syscalls = readList(reader, readCall);
  if (reader.takeName("unknown")) filter.unknownSyscalls = true;
  if (reader.takeName("where")) filter.where = readExpression(reader);
  reader.expectEnd("the filter");
  return filter;
}

function readList<Value>(reader: WordReader, read: (reader: WordReader) => Value): Value[] {
  const values = [read(reader)];
  while (reader.takeSign(",")) values.push(read(reader));
  return values;
}

function readNumber(reader: WordReader): number {
  const number = quantityOf(reader.peek().value, "count");
  if (number === null) reader.unexpected("a number must be");
  reader.take();
  return number;
}

function readCall(reader: WordReader): string {
  const call = syscallByName(reader.peek().value);
  if (call === undefined) reader.unexpected("the name of a call must be");
  reader.take();
  return call.name;
}
