import { calledProgram, examineMachine, startingFile, tryTrace } from "../../../engine/mod.ts";
import { errorToData } from "../../../runtime/errors.ts";
import { VERSION } from "../../../runtime/version.ts";
import { ExitStatus } from "../../exit_status.ts";
import { hasColor, isTerminal } from "../../run/terminal.ts";
import { printOwn } from "../../say.ts";
import { grantBy } from "./capabilities.ts";
import { checksJson, checksText } from "./check_list.ts";
import { canTrace, checksOf } from "./checks.ts";
import type { DoctorCommand } from "./task.ts";

/** `ior doctor`: prints what this machine has of what tracing needs. */
export async function runDoctor({ json }: DoctorCommand): Promise<ExitStatus> {
  const facts = await examineMachine();
  const checks = checksOf(facts, await tryTrace().catch(errorToData), Deno.version.deno);
  const { kernel, arch } = facts;
  const grant = grantBy({ program: calledProgram(), helper: startingFile() });
  printOwn(
    json
      ? checksJson(checks, { ior: VERSION, kernel, arch }, grant)
      : checksText(checks, grant, hasColor("auto", isTerminal("stdout"), Deno.env.toObject())),
  );
  return canTrace(checks) ? ExitStatus.OK : ExitStatus.RUNTIME;
}
