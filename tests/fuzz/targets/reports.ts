/** Reports of `ior trace --json`, as `ior diff` reads them. */
import {
  checkFailOn,
  compareReports,
  comparisonJson,
  parseFailOn,
  readReport,
  renderComparison,
} from "../../../cli/compare/mod.ts";
import { corpus, corpusTexts } from "../corpus.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import { mutateJson } from "../mutate_json.ts";
import type { Target } from "../target.ts";

const TEXTS = corpusTexts(".report");
const BYTES = corpus(".report");
const WHOLE = readReport(TEXTS[0], "whole.json");
const LOOK = { color: false, ascii: false, width: 120, top: null };
const CONDITIONS = ["calls > 1.2x", "p99 > +10%", "total > 5ms", "errors > 0"].map(parseFailOn);

/** A report that is compared with a whole one, from both sides. */
export const REPORT: Target<string> = {
  seconds: 10,
  make: (draw) =>
    draw.oneIn(5)
      ? new TextDecoder().decode(mutateBytes(draw.pick(BYTES), draw, draw.pick(BYTES)))
      : mutateJson(draw.pick(TEXTS), draw),
  read: (text) => {
    const report = readReport(text, "report.json");
    let size = 0;
    for (const [before, after] of [[WHOLE, report], [report, WHOLE]]) {
      const comparison = compareReports(before, after);
      comparison.fail_on = checkFailOn(before, after, CONDITIONS);
      const json = comparisonJson(comparison);
      JSON.parse(json);
      size += json.length + renderComparison(comparison, LOOK).length;
    }
    return size;
  },
  mostMs: { few: 250, perKilobyte: 50 },
  mostBytes: { few: 512 * 1024, perByte: 64 },
};
