/** Why a report has no calls. */
import type { Report } from "../../runtime/report.ts";
import { formatDuration } from "../text/format.ts";

/** Entries of the selection that leave out no call, or have a sentence of their own. */
const NOT_CONDITIONS = ["families", "family", "follow", "replayed"];

/** Sentences that say what an empty trace may be due to, the likeliest first. The texts are not escaped. */
export function emptyReasons(report: Report, ascii: boolean): string[] {
  const reasons: string[] = [];
  if (report.loss.state !== "none") {
    reasons.push("Calls may have been made and lost, see the line about loss: try a larger --ring-size.");
  }
  const { replayed } = report.selection;
  const isReplayed = typeof replayed === "object" && replayed !== null;
  // What was recorded, and what was asked of the recording.
  const conditions = [report.selection, isReplayed ? replayed : {}].flatMap((selection) =>
    Object.entries(selection)
  )
    .filter(([name]) => !NOT_CONDITIONS.includes(name));
  if (conditions.length > 0) {
    const flags = conditions.map(([name, value]) => flagText(name, value, ascii)).join(" ");
    reasons.push(`Only calls to which all of this applies are counted: ${flags}`);
  }
  if (report.command === null && !isReplayed) {
    const wall = formatDuration(report.wall_ns, { ascii });
    reasons.push(`What is traced may have been idle for these ${wall}: try a longer --duration.`);
  }
  const { families } = report.selection;
  if (Array.isArray(families) && !isReplayed) {
    reasons.push(
      `Only calls of these families are traced: ${families.join(", ")}. --family all traces every call.`,
    );
  }
  return reasons;
}

/** An entry of the selection as the flag it came from. */
function flagText(name: string, value: unknown, ascii: boolean): string {
  const flag = `--${name.replace(/_ns$/, "").replaceAll("_", "-")}`;
  if (value === true) return flag;
  if (name.endsWith("_ns")) return `${flag} ${formatDuration(Number(value), { ascii })}`;
  return `${flag} ${Array.isArray(value) ? value.join(",") : String(value)}`;
}
