/** The keys of the page, as a table: the key, its action, and its help text. */
import { METRICS } from "./profile.js";

/** @import { Step } from "./model.js" */

/**
 * Actions that the keys trigger.
 * @typedef {object} KeyActions
 * @property {(step: Step) => void} move
 * @property {() => void} zoomIn
 * @property {() => void} back
 * @property {() => void} reset
 * @property {() => void} openSearch
 * @property {(direction: 1 | -1) => void} find
 * @property {(metric: number) => void} setMetric
 * @property {() => void} nextMetric
 * @property {() => void} reverse
 * @property {() => void} flip
 * @property {() => void} switchTheme
 * @property {() => void} openHelp
 * @property {() => void} openTable
 */

/**
 * `keys` are values of `KeyboardEvent.key`; `shown` is how the help writes them.
 * @typedef {{keys: string[], shown: string[], help: string, run: (actions: KeyActions, key: string, flipped: boolean) => void}} KeyRow
 */

/** @type {KeyRow[]} */
export const KEYS = [
  {
    keys: ["ArrowUp", "ArrowDown"],
    shown: ["↑", "↓"],
    help: "to the frame above or below",
    run: ({ move }, key, flipped) => move((key === "ArrowDown") === flipped ? "parent" : "child"),
  },
  {
    keys: ["ArrowLeft", "ArrowRight"],
    shown: ["←", "→"],
    help: "to the next frame on the left or right",
    run: ({ move }, key) => move(key === "ArrowLeft" ? "previous" : "next"),
  },
  {
    keys: ["Home", "End"],
    shown: ["Home", "End"],
    help: "to the first or last of these frames",
    run: ({ move }, key) => move(key === "Home" ? "first" : "last"),
  },
  {
    keys: ["Enter", " "],
    shown: ["Enter", "Space"],
    help: "zoom to the frame",
    run: ({ zoomIn }) => zoomIn(),
  },
  { keys: ["Escape", "Backspace"], shown: ["Esc", "Backspace"], help: "back", run: ({ back }) => back() },
  { keys: ["0"], shown: ["0"], help: "show everything", run: ({ reset }) => reset() },
  { keys: ["/"], shown: ["/", "Ctrl F"], help: "search", run: ({ openSearch }) => openSearch() },
  {
    keys: ["n", "N"],
    shown: ["n", "N"],
    help: "to the next or previous match",
    run: ({ find }, key) => find(key === "n" ? 1 : -1),
  },
  {
    keys: METRICS.map((_, metric) => String(metric + 1)),
    shown: ["1", "…", String(METRICS.length)],
    help: METRICS.map(({ title }) => title.toLowerCase()).join(", "),
    run: ({ setMetric }, key) => setMetric(Number(key) - 1),
  },
  { keys: ["m"], shown: ["m"], help: "next metric", run: ({ nextMetric }) => nextMetric() },
  { keys: ["v"], shown: ["v"], help: "reverse the stacks", run: ({ reverse }) => reverse() },
  { keys: ["i"], shown: ["i"], help: "root at the bottom or at the top", run: ({ flip }) => flip() },
  { keys: ["l"], shown: ["l"], help: "frames as a table", run: ({ openTable }) => openTable() },
  { keys: ["t"], shown: ["t"], help: "light or dark", run: ({ switchTheme }) => switchTheme() },
  { keys: ["?"], shown: ["?"], help: "this list", run: ({ openHelp }) => openHelp() },
];

/**
 * Listens for the keys. Keys pressed in the search field or a dialog, and Enter and Space on a button, keep their own meaning.
 * @param {KeyActions} actions
 * @param {() => boolean} isFlipped
 */
export function listenForKeys(actions, isFlipped) {
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!(target instanceof Element) || event.defaultPrevented) return;
    const inSearch = target instanceof HTMLInputElement;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === "f") {
      // Pressed twice, it opens the browser's own search.
      if (inSearch) return;
      event.preventDefault();
      actions.openSearch();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || inSearch || target.closest("dialog") !== null) {
      return;
    }
    if (target instanceof HTMLButtonElement && (key === "Enter" || key === " ")) return;
    const row = KEYS.find(({ keys }) => keys.includes(key));
    if (row === undefined) return;
    event.preventDefault();
    row.run(actions, key, isFlipped());
  });
}
