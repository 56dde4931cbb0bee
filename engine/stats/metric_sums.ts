import { exactDifference } from "../../runtime/exact_integer.ts";
import { type MetricSums, SumField, type SumRows } from "../../runtime/metric_sums.ts";
import { BUCKET_COUNT } from "./buckets.ts";
import { NO_BUCKET } from "./call_columns.ts";
import { ELSEWHERE_KEY } from "./facts.ts";
import type { MeasureTable } from "./measure_table.ts";
import { compareErrors, compareRows } from "./snapshot.ts";
import type { StatsTables } from "./stats_tables.ts";

/** A row to be summed: the rows of a table that it is made of. */
interface Summed<Name> {
  name: Name;
  measures: MeasureTable;
  rows: readonly number[];
}

/**
 * The sums for metrics. `ends` are the first buckets beyond each class of latencies but the last, rising. Has neither
 * quantiles nor full histograms, which take most of the time of a snapshot.
 */
export function buildMetricSums(tables: StatsTables, ends: readonly number[]): MetricSums {
  const { syscalls, files, groups } = tables;
  const classes = classesOf(ends);
  const width = SumField.LATENCIES + ends.length + 1;
  const { totalNs, waitingNs } = syscalls.sums();
  const elsewhereNs = files.readKey(ELSEWHERE_KEY, (measures, row) => measures.totalNs([row])) ?? 0;
  const bySyscall: Summed<{ syscall: string; family: string }>[] = [];
  syscalls.forEach((syscall, family, measures, rows) => {
    bySyscall.push({ name: { syscall, family }, measures, rows });
  });
  const errors = new Map<string, number>();
  for (const { errno, calls } of syscalls.errorsBy().sort(compareErrors)) {
    errors.set(errno, (errors.get(errno) ?? 0) + calls);
  }
  const byComm = groups.find(({ by }) => by.length === 1 && by[0] === "comm");
  let commands: MetricSums["commands"] = null;
  if (byComm !== undefined) {
    const named: Summed<string | null>[] = [];
    byComm.forEach(([value], measures, row) => {
      named.push({ name: "name" in value ? value.name ?? "" : "", measures, rows: [row] });
    });
    const other = byComm.readOther((measures, row) => ({ name: null, measures, rows: [row] }));
    commands = sumRows(named, other, width, classes, (name) => JSON.stringify(name));
  }
  return {
    totalNs,
    filesNs: exactDifference(exactDifference(totalNs, waitingNs), elsewhereNs),
    waitingNs,
    width,
    syscalls: sumRows(bySyscall, null, width, classes, ({ syscall }) => syscall),
    errors,
    commands,
  };
}

/** The class of each bucket; calls without a latency have one of their own, behind the others. */
function classesOf(ends: readonly number[]): Uint8Array {
  const classes = new Uint8Array(BUCKET_COUNT + 1);
  ends.forEach((end, i) => classes.fill(i + 1, end));
  classes[NO_BUCKET] = ends.length + 1;
  return classes;
}

/** The rows in the order of a snapshot, then `last`. */
function sumRows<Name>(
  summed: readonly Summed<Name>[],
  last: Summed<Name> | null,
  width: number,
  classes: Uint8Array,
  nameOf: (name: Name) => string,
): SumRows<Name> {
  // Calls without a latency count, and are no latency.
  const found = new Float64Array((summed.length + 1) * (width + 1));
  const ranked = summed.map(({ name, measures, rows }, i) => {
    const at = i * (width + 1);
    measures.sumInto(rows, classes, found, at);
    return { name, at, totalNs: measures.totalNs(rows), calls: found[at + SumField.CALLS] };
  }).sort((a, b) => compareRows(a, b, ({ name }) => nameOf(name)));
  const order: { name: Name; at: number }[] = ranked;
  if (last !== null) {
    const at = summed.length * (width + 1);
    last.measures.sumInto(last.rows, classes, found, at);
    order.push({ name: last.name, at });
  }
  const values = new Float64Array(order.length * width);
  order.forEach(({ at }, i) => values.set(found.subarray(at, at + width), i * width));
  return { names: order.map(({ name }) => name), values };
}
