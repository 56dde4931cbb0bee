/** Why a report has no calls. */
import { wasRingFull } from "../../runtime/loss.ts";
import { type Report, wallNs } from "../../runtime/report.ts";
import { formatDuration } from "../text/format.ts";
import { selectionOptions } from "./selection_text.ts";

/** Possible reasons for an empty trace, likeliest first. The texts are not escaped. */
export function emptyReasons(report: Report, ascii: boolean): string[] {
  const reasons: string[] = [];
  if (report.loss.state !== "none") {
    const hint = wasRingFull(report.loss) ? ": try a larger --ring-size" : "";
    reasons.push(`Calls may have been made and lost, see the loss above${hint}.`);
  }
  const { replayed } = report.selection;
  const isReplayed = typeof replayed === "object" && replayed !== null;
  const options = selectionOptions(report.selection).filter((option) =>
    !/^--(no-follow|family) ?/.test(option)
  );
  if (options.length > 0) {
    reasons.push(`Only calls that match all of these are counted: ${options.join(" ")}`);
  }
  if (report.command === null && !isReplayed) {
    const wall = formatDuration(wallNs(report), { ascii });
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
