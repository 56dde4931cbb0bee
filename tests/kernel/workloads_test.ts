import { fileURLToPath } from "node:url";
import { missingCalls, missingFeatures } from "../kernel_lib/features.ts";
import { runScenario } from "../kernel_lib/run_scenario.ts";
import { readScenarios, type Scenario } from "../kernel_lib/scenario.ts";

/** Scenarios at a time: the machine that this is sized for has two processors. */
const AT_ONCE = 2;

const found = readScenarios(fileURLToPath(new URL("../workloads", import.meta.url)));
const scenarios = found.filter((scenario) => "source" in scenario);
const runs = new Map<Scenario, Promise<unknown>>();

/** The result of a scenario as a value: a run that was started ahead must not fail before its own test. */
function result(scenario: Scenario): Promise<unknown> {
  let run = runs.get(scenario);
  if (run === undefined) runs.set(scenario, run = runScenario(scenario).then(() => null, (error) => error));
  return run;
}

const lacks = ({ needs, source }: Scenario) => [...missingFeatures(needs), ...missingCalls(source)];

for (const scenario of found) {
  if ("source" in scenario) continue;
  Deno.test(`${scenario.name} is a scenario`, () => {
    throw new Error(scenario.fault);
  });
}

scenarios.forEach((scenario, index) => {
  const missing = lacks(scenario);
  Deno.test({
    name: `${scenario.name}: ${scenario.about}` +
      (missing.length > 0 ? ` (skipped: this machine lacks what it needs, ${missing.join(" and ")})` : ""),
    ignore: missing.length > 0,
    // The next one already runs.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      // Only when the one before has run as well: with a filter most are not wanted.
      const inOrder = index === 0 || runs.has(scenarios[index - 1]) || lacks(scenarios[index - 1]).length > 0;
      const own = result(scenario);
      if (inOrder) {
        scenarios.slice(index + 1, index + AT_ONCE).filter((next) => lacks(next).length === 0).forEach(
          result,
        );
      }
      const error = await own;
      if (error) throw error;
    },
  });
});
