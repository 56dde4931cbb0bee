/** The controls above the graph. */
import { changeColor, fieldColor, PALETTES } from "./colors.js";
import { formatShare } from "../../../text/numbers.js";
import { formatValue } from "./format.js";
import { WIDTHS } from "./layout.js";
import { METRICS } from "./profile.js";
import { element } from "./tooltip.js";

/** @import { FlameModel, View } from "./model.js" */

const WIDTH_TITLES = { larger: "Larger side", after: "After", before: "Before" };

/**
 * What the controls call.
 * @typedef {object} Actions
 * @property {(change: Partial<View>) => void} change
 * @property {() => void} flip
 * @property {() => void} back
 * @property {() => void} reset
 * @property {() => void} switchTheme
 * @property {() => void} openHelp
 * @property {(query: string, isPattern: boolean) => void} search
 */

/** @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Makes the controls and returns a function that updates them.
 * @param {FlameModel} model
 * @param {Actions} actions
 */
export function createToolbar(model, actions) {
  const { profile } = model;
  const query = /** @type {HTMLInputElement} */ (byId("query"));
  const pattern = byId("pattern");
  const metrics = METRICS.map(({ title }, metric) => {
    const button = /** @type {HTMLButtonElement} */ (element("button", title));
    button.onclick = () => actions.change({ metric });
    return button;
  });
  byId("metrics").append(...metrics);
  const widths = WIDTHS.map((side) => {
    const button = element("button", WIDTH_TITLES[side]);
    button.onclick = () => actions.change({ widths: side });
    return button;
  });
  byId("widths").append(...widths);
  byId("widths").hidden = byId("legend").hidden = profile.before === null;
  byId("fields").hidden = profile.fields.length < 2;

  byId("reversed").onclick = () => actions.change({ reversed: !model.view.reversed });
  byId("flipped").onclick = actions.flip;
  byId("back").onclick = actions.back;
  byId("reset").onclick = actions.reset;
  byId("theme").onclick = actions.switchTheme;
  byId("help").onclick = actions.openHelp;
  query.oninput = () => actions.search(query.value, model.isPattern);
  pattern.onclick = () => actions.search(query.value, !model.isPattern);

  /** @param {{theme: "light" | "dark", flipped: boolean, canBack: boolean}} state */
  return ({ theme, flipped, canBack }) => {
    const { view, tree } = model;
    for (const [metric, button] of metrics.entries()) {
      press(button, metric === view.metric);
      const total = tree.total[metric][0] + (tree.totalBefore?.[metric][0] ?? 0);
      button.disabled = total === 0 && metric !== view.metric;
      button.title = `${formatValue(METRICS[metric].kind, tree.total[metric][0])} in all (${metric + 1})`;
    }
    for (const [i, button] of widths.entries()) press(button, WIDTHS[i] === view.widths);
    press(byId("reversed"), view.reversed);
    press(byId("flipped"), flipped);
    press(pattern, model.isPattern);
    /** @type {HTMLButtonElement} */ (byId("back")).disabled = !canBack;
    /** @type {HTMLButtonElement} */ (byId("reset")).disabled = view.zoom.node === 0 && view.zoom.skip === 0;
    byId("theme").textContent = theme === "dark" ? "Light" : "Dark";
    const stops = [-1, -0.5, -0.2, -0.05, 0, 0.05, 0.2, 0.5, 1].map((change) =>
      changeColor(PALETTES[theme], change)
    );
    byId("scale").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    showFields(model, theme, actions);
    showFound(model, query);
  };
}

/** @param {HTMLElement} button @param {boolean} on */
function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

/** @param {FlameModel} model @param {HTMLInputElement} query */
function showFound({ found, layout }, query) {
  const output = byId("found");
  query.setAttribute("aria-invalid", String(found.error !== null));
  output.classList.toggle("bad", found.error !== null);
  output.title = found.error ?? "";
  const frames = found.nodes.length.toLocaleString("en-US");
  output.textContent = found.error !== null
    ? "Invalid regular expression"
    : found.matched === null
    ? ""
    : found.nodes.length === 0
    ? "No match"
    : `${formatShare(found.width, layout.width[0])} of all in ${frames} ${
      found.nodes.length === 1 ? "frame" : "frames"
    }`;
}

/**
 * One chip per field: the shown fields first, in their order.
 * @param {FlameModel} model
 * @param {"light" | "dark"} theme
 * @param {Actions} actions
 */
function showFields({ profile, view }, theme, actions) {
  const { order } = view;
  const off = profile.fields.map((_, index) => index).filter((index) => !order.includes(index));
  const focused = document.activeElement?.getAttribute("data-key") ?? null;
  const chips = [...order, ...off].map((index) => {
    const field = profile.fields[index];
    const at = order.indexOf(index);
    const chip = element("span", "", at < 0 ? "chip off" : "chip");
    const name = chipButton(
      field,
      "name",
      at < 0 ? `Show ${field} frames` : `Leave out ${field} frames`,
      () => {
        actions.change({ order: at < 0 ? [...order, index] : order.filter((other) => other !== index) });
      },
    );
    if (profile.before === null) {
      const swatch = element("i", "", "swatch");
      swatch.style.background = fieldColor(PALETTES[theme], field);
      name.append(swatch);
    }
    name.append(field);
    press(name, at >= 0);
    name.disabled = order.length === 1 && at === 0;
    chip.append(name);
    if (at > 0) {
      chip.prepend(chipButton(field, "left", `Move ${field} towards the root`, () => swap(at - 1), "‹"));
    }
    if (at >= 0 && at < order.length - 1) {
      chip.append(chipButton(field, "right", `Move ${field} away from the root`, () => swap(at), "›"));
    }
    return chip;
  });
  byId("fields").replaceChildren(...chips);
  if (focused !== null) refocus(focused);

  /** @param {number} at Swaps places with the next one. */
  function swap(at) {
    actions.change({ order: [...order.slice(0, at), order[at + 1], order[at], ...order.slice(at + 2)] });
  }
}

/**
 * @param {string} field
 * @param {string} what
 * @param {string} title
 * @param {() => void} run
 * @param {string} [text]
 */
function chipButton(field, what, title, run, text = "") {
  const button =
    /** @type {HTMLButtonElement} */ (element("button", text, what === "name" ? "name" : "move"));
  button.title = title;
  button.setAttribute("data-key", `${field} ${what}`);
  if (text !== "") button.setAttribute("aria-label", title);
  button.onclick = run;
  return button;
}

/**
 * Returns the focus to the button that had it before the chips were rebuilt, or to its field's name.
 * @param {string} key
 */
function refocus(key) {
  const buttons = [...byId("fields").querySelectorAll("button")];
  const field = key.split(" ")[0];
  const wanted = [key, `${field} name`].map((wanted) =>
    buttons.find((button) => button.getAttribute("data-key") === wanted)
  );
  (wanted[0] ?? wanted[1])?.focus();
}
