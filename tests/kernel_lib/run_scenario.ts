import { machineArch } from "../../bpf/machine.ts";
import { compareRows } from "./compare.ts";
import { compile } from "./compile.ts";
import { outcome, startIor } from "./ior.ts";
import { labelRows } from "./labels.ts";
import { replayDescriptors } from "./naive.ts";
import { readRows, type RowsDocument, windowOf } from "./rows.ts";
import { type Scenario, scenarioOn } from "./scenario.ts";
import { scratchDirectory } from "./scratch.ts";

/**
 * Compiles and traces a scenario's workload and compares its rows.
 *
 * @throws {Error} With the difference, or with what kept the scenario from happening.
 */
export async function runScenario(plain: Scenario): Promise<void> {
  const scenario = scenarioOn(machineArch(), plain);
  const program = await compile(scenario.source);
  const directory = Deno.realPathSync(scratchDirectory("dir"));
  const output = `${scratchDirectory("rows")}/rows.ndjson`;
  const args = [
    "stream",
    "--format",
    "ndjson",
    ...scenario.flags,
    "-o",
    output,
    "--",
    program,
    directory,
    ...scenario.args,
  ];
  const ran = await outcome(startIor(args));
  if (ran.code !== scenario.exit) {
    throw new Error(`ior ends with status ${ran.code}, not ${scenario.exit}\n${ran.stdout}${ran.stderr}`);
  }
  const document = readRows(output);
  checkLoss(scenario, document);
  const window = windowOf(document.rows);
  const labels = labelRows(window.rows, window.mainPid);
  const { found, difference } = compareRows(scenario, window, { directory, program, labels });
  if (difference.length > 0) {
    throw new Error(`${scenario.about}\n(- wanted, + found)\n${difference.join("\n")}`);
  }
  const { naive } = scenario;
  if (naive === null) return;
  const row = found[naive.row - 1]!;
  const naivePath = naive.path?.replaceAll("$DIR", directory).replaceAll("$BIN", program) ?? null;
  if (row.path === naivePath) throw new Error(`Row ${naive.row} is what the naive way says: ${naivePath}`);
  if (naive.replayed === false) return;
  const said = replayDescriptors([...window.before, ...window.rows], window.mainPid).get(row.seq) ?? null;
  if (said !== naivePath) {
    throw new Error(
      `A replayed descriptor table says ${said} for row ${naive.row}, the data says ${naivePath}`,
    );
  }
}

function checkLoss(scenario: Scenario, { end }: RowsDocument): void {
  const { loss } = end;
  const wanted = Object.entries(scenario.loss);
  const found = Object.entries(loss.by).filter(([, calls]) => calls > 0);
  const right = loss.state === (wanted.length > 0 ? "some" : "none") && found.length === wanted.length &&
    wanted.every(([kind, calls]) => calls === ">0" ? loss.by[kind] > 0 : loss.by[kind] === calls);
  if (!right) throw new Error(`The loss is ${JSON.stringify(loss)}, not ${JSON.stringify(scenario.loss)}`);
}
