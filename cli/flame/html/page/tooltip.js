/** The box beside the pointer. Whatever it shows is set as text, never as markup. */

/** @import { Description } from "./describe.js" */

/** Distance from the pointer, and from the window's edges, CSS pixels. */
const DISTANCE_PX = 14;

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [className]
 */
export function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

/**
 * @param {HTMLElement} tooltip
 * @param {Description} description
 */
export function fillTooltip(tooltip, { name, field, columns, rows, exact }) {
  const head = document.createElement("tr");
  head.append(element("th", ""), ...columns.map((column) => element("th", column)));
  const thead = document.createElement("thead");
  thead.append(head);
  const table = document.createElement("table");
  table.append(thead);
  for (const { title, current, cells } of rows) {
    const row = document.createElement("tr");
    if (current) row.className = "current";
    row.append(element("th", title), ...cells.map((cell) => element("td", cell)));
    table.append(row);
  }
  tooltip.replaceChildren(
    element("strong", name),
    element("span", field, "field"),
    element("p", exact),
    table,
  );
}

/**
 * Puts the tooltip beside the pointer, where there is room.
 * @param {HTMLElement} tooltip
 * @param {MouseEvent} event
 */
export function placeTooltip(tooltip, { clientX, clientY }) {
  tooltip.hidden = false;
  const { width, height } = tooltip.getBoundingClientRect();
  const right = clientX + DISTANCE_PX;
  const below = clientY + DISTANCE_PX;
  const x = right + width > innerWidth - DISTANCE_PX ? clientX - DISTANCE_PX - width : right;
  const y = below + height > innerHeight - DISTANCE_PX ? clientY - DISTANCE_PX - height : below;
  tooltip.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
}
