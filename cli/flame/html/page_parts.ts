/**
 * The page's own text: markup, style and script. The script is kept as small modules, which are checked and
 * tested one by one, and becomes one module in the page, which cannot load anything.
 */
import colors from "./page/colors.js" with { type: "text" };
import describe from "./page/describe.js" with { type: "text" };
import format from "./page/format.js" with { type: "text" };
import graph from "./page/graph.js" with { type: "text" };
import help from "./page/help.js" with { type: "text" };
import history from "./page/history.js" with { type: "text" };
import inspect from "./page/inspect.js" with { type: "text" };
import keys from "./page/keys.js" with { type: "text" };
import layout from "./page/layout.js" with { type: "text" };
import main from "./page/main.js" with { type: "text" };
import markup from "./page/page.html" with { type: "text" };
import model from "./page/model.js" with { type: "text" };
import numbers from "../../text/numbers.js" with { type: "text" };
import names from "./page/names.js" with { type: "text" };
import paint from "./page/paint.js" with { type: "text" };
import profile from "./page/profile.js" with { type: "text" };
import ranking from "./page/ranking.js" with { type: "text" };
import search from "./page/search.js" with { type: "text" };
import style from "./page/style.css" with { type: "text" };
import table from "./page/table.js" with { type: "text" };
import toolbar from "./page/toolbar.js" with { type: "text" };
import tooltip from "./page/tooltip.js" with { type: "text" };
import tree from "./page/tree.js" with { type: "text" };
import visible from "./page/visible.js" with { type: "text" };

/** Each module follows those it imports, so that their constants are initialized. */
const MODULES = [
  profile,
  names,
  numbers,
  format,
  tree,
  layout,
  visible,
  search,
  ranking,
  model,
  colors,
  describe,
  paint,
  graph,
  tooltip,
  history,
  toolbar,
  table,
  keys,
  help,
  inspect,
  main,
];

/** Markup with `{{title}}`, `{{policy}}`, `{{style}}`, `{{data}}` and `{{script}}` as placeholders. */
export const PAGE_MARKUP: string = markup;

/** Style sheet. */
export const PAGE_STYLE: string = style;

/** The modules as one, without imports and exports, which only refer to each other. */
export const PAGE_SCRIPT: string = MODULES.map((text) =>
  text.replaceAll(/^import [^;]*;\n/gm, "").replaceAll(/^export (?=\w)/gm, "")
).join("\n");
