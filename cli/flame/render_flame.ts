/** Renders a picture in any format. */
import type { TrieMetric } from "../../runtime/flame.ts";
import type { HeaderLine } from "../report/header_text.ts";
import { type FlamePicture, isFlameDiff } from "./diff.ts";
import { renderFolded } from "./folded.ts";
import type { FlameFormat } from "./formats.ts";
import { renderFlameHtml } from "./html/render_html.ts";
import { renderIcicleText } from "./icicle_text.ts";
import { renderSpeedscope } from "./speedscope.ts";
import { renderFlameSvg } from "./svg.ts";

/** Options of all formats; each uses those that it can show. */
export interface FlameLook {
  /** The metric shown, or shown first. */
  metric: TrieMetric;
  /** The title. */
  title: string;
  /** Facts about the run. */
  facts: readonly HeaderLine[];
  /** Draws the root at the bottom, in a page initially. */
  inverted: boolean;
  /** Columns of text. */
  width: number;
  /** Whether text has colour. */
  color: boolean;
  /** Only ASCII in text. */
  ascii: boolean;
}

/** A picture as the whole text of a file. Callers pass no comparison to a format that cannot show one. */
export function renderFlame(picture: FlamePicture, format: FlameFormat, look: FlameLook): string {
  const { metric, title, facts, inverted, width, color, ascii } = look;
  switch (format) {
    case "folded":
      return renderFolded(picture, metric);
    case "svg":
      return renderFlameSvg(picture, { metric, title, facts, inverted });
    case "text":
      return renderIcicleText(picture, { metric, width, color, ascii });
    case "speedscope":
      if (isFlameDiff(picture)) throw new TypeError("A speedscope file cannot hold a comparison");
      return renderSpeedscope(picture, { name: title, metric });
    case "html": {
      const shown = facts.map(({ label, text, tone }) => ({
        label,
        text,
        tone: isJudgement(tone) ? tone : null,
      }));
      const page = { title, facts: shown, metric, inverted };
      if (!isFlameDiff(picture)) return renderFlameHtml({ ...page, profile: picture });
      const { before, after, ...shape } = picture;
      return renderFlameHtml({ ...page, profile: { ...shape, own: after }, before });
    }
  }
}

function isJudgement(tone: HeaderLine["tone"]): tone is "good" | "bad" {
  return tone === "good" || tone === "bad";
}
