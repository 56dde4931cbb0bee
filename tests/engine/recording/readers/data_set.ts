/**
 * Asks readers that are not ours about several files as one table, and prints the answer as JSON. Started by ask.ts with
 * the names of the packages; the question comes on standard input.
 */
const [reader, ...packages] = Deno.args;

/** What is used of the packages. */
interface ParquetWasm {
  readParquet(bytes: Uint8Array): { intoIPCStream(): Uint8Array };
}

interface ArrowTable {
  numRows: number;
  schema: { fields: { name: string; type: unknown }[] };
  concat(...others: ArrowTable[]): ArrowTable;
  getChild(name: string): Iterable<bigint | null>;
}

interface Frame {
  toRecords(): Record<string, unknown>[];
}

const ANSWERS: Record<string, (question: string) => Promise<unknown>> = {
  async polars(code) {
    const { default: pl } = await import(packages[0]);
    const frame: Frame = await new Function("pl", `return ${code}`)(pl);
    return frame.toRecords();
  },
  async arrow(paths) {
    const wasm: ParquetWasm = await import(packages[0]);
    const { tableFromIPC }: { tableFromIPC(bytes: Uint8Array): ArrowTable } = await import(packages[1]);
    const tables = (JSON.parse(paths) as string[]).map((path) =>
      tableFromIPC(wasm.readParquet(Deno.readFileSync(path)).intoIPCStream())
    );
    const joined = tables[0].concat(...tables.slice(1));
    let total = 0n;
    for (const latency of joined.getChild("latency_ns")) total += latency ?? 0n;
    return {
      columns: tables.map(({ schema }) => schema.fields.map(({ name, type }) => `${name} ${type}`).join()),
      calls: joined.numRows,
      total_ns: String(total),
    };
  },
};

const answer = await ANSWERS[reader](await new Response(Deno.stdin.readable).text());
console.log(JSON.stringify(answer));
Deno.exit(0); // Polars keeps threads
