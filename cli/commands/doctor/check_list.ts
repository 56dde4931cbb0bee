/** The list of `ior doctor`: its two forms. */
import type { Arch } from "../../../runtime/syscalls/mod.ts";
import { createPaint, type Tone } from "../../text/style.ts";
import { type Grant, NEEDED_CAPABILITIES } from "./capabilities.ts";
import type { Check, CheckStatus } from "./check.ts";
import { canTrace } from "./checks.ts";

const TONES: Readonly<Record<CheckStatus, Tone>> = {
  ok: "good",
  degraded: "heading",
  missing: "bad",
  unknown: "quiet",
};

/** The document of `ior doctor --json`, see schema/ior.doctor.1.json. */
export function checksJson(
  checks: readonly Check[],
  machine: { ior: string; kernel: string; arch: Arch },
  grant: Grant,
): string {
  const document = { schema: "ior.doctor/1", ...machine, can_trace: canTrace(checks), checks, grant };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The list as text: a line each, and below it what it costs and how to mend it; then how to give ior what it needs. */
export function checksText(checks: readonly Check[], grant: Grant, color: boolean): string {
  const paint = createPaint(color);
  const widest = Math.max(...checks.map(({ name }) => name.length));
  const statusColumns = Math.max(...Object.keys(TONES).map((status) => status.length));
  const indent = " ".repeat(statusColumns + widest + 4);
  const lines = checks.flatMap(({ name, status, found, costs, mend }) => [
    `${paint(TONES[status], status)}${" ".repeat(statusColumns - status.length)}  ${
      name.padEnd(widest)
    }  ${found}`,
    ...(costs === null ? [] : [`${indent}costs: ${costs}`]),
    ...(mend === null ? [] : [`${indent}mend: ${mend}`]),
  ]);
  const missing = checks.filter(({ status }) => status === "missing").map(({ name }) => name);
  return [
    ...lines,
    "",
    missing.length === 0 ? "ior can trace here." : `ior cannot trace here: see ${missing.join(", ")}.`,
    "",
    `A trace needs ${NEEDED_CAPABILITIES.join(" and ")}, and no root. To give it both and no more,`,
    "to a service, in its systemd unit:",
    ...grant.unit.map((line) => `  ${line}`),
    "to one run:",
    `  ${grant.command}`,
    "to everybody who may execute this file:",
    `  ${grant.file}`,
    "",
  ].join("\n");
}
