/** The table of frames: sorted by a click on a heading; a click on a name searches for it. */
import { formatCount, formatShare } from "../../../text/numbers.js";
import { formatValue } from "./format.js";
import { showName } from "./names.js";
import { rankFrames, sortRanking } from "./ranking.js";
import { byId } from "./toolbar.js";
import { element } from "./tooltip.js";

/** @import { FlameModel } from "./model.js" */
/** @import { RankingKey } from "./ranking.js" */

/** Maximum number of rows: more than anyone reads, and few enough to render immediately. */
const TABLE_ROWS = 500;

const TABLE_COLUMNS = /** @type {const} */ ([
  ["name", "Frame"],
  ["field", "Kind"],
  ["frames", "Frames"],
  ["own", "Own"],
  ["total", "Total"],
]);

/**
 * Makes the table and returns a function that opens it with the current view.
 * @param {FlameModel} model
 * @param {(name: string) => void} find
 */
export function createTable(model, find) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("table"));
  /** @type {RankingKey} */
  let key = "total";
  let reversed = false;
  const headings = TABLE_COLUMNS.map(([column, title]) => {
    const heading = element("th", "");
    const button = element("button", title);
    button.onclick = () => {
      reversed = key === column && !reversed;
      key = column;
      fill();
    };
    heading.append(button);
    return heading;
  });
  byId("table-head").append(...headings);

  function fill() {
    const { tree, view, metric } = model;
    const whole = tree.total[view.metric][0];
    const ranked = rankFrames(model);
    const rows = sortRanking(ranked, key, reversed, TABLE_ROWS).map(({ name, field, frames, own, total }) => {
      const row = document.createElement("tr");
      const link = element("button", showName(name), "name");
      link.onclick = () => {
        dialog.close();
        find(name);
      };
      const first = document.createElement("td");
      first.append(link);
      const values = [own, total].map((value) =>
        element("td", `${formatValue(metric.kind, value)} ${formatShare(value, whole)}`, "number")
      );
      row.append(first, element("td", field), element("td", formatCount(frames), "number"), ...values);
      return row;
    });
    byId("table-rows").replaceChildren(...rows);
    for (const [i, [column]] of TABLE_COLUMNS.entries()) {
      const isText = column === "name" || column === "field";
      const order = isText !== reversed ? "ascending" : "descending";
      headings[i].setAttribute("aria-sort", column === key ? order : "none");
    }
    const hidden = ranked.length - rows.length;
    byId("table-note").textContent = `${metric.title}. A frame inside another of the same name counts once.${
      hidden > 0 ? ` ${formatCount(hidden)} more names are not shown.` : ""
    }`;
  }

  return () => {
    fill();
    if (!dialog.open) dialog.showModal();
  };
}
