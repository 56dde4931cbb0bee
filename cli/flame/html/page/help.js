/** The list of keys. */
import { KEYS } from "./keys.js";
import { byId } from "./toolbar.js";
import { element } from "./tooltip.js";

/** Opens the list, which is built on first use. */
export function openHelp() {
  const rows = byId("key-rows");
  if (rows.childElementCount === 0) {
    for (const { shown, help } of KEYS) {
      const keys = document.createElement("td");
      for (const key of shown) keys.append(element(key === "…" ? "span" : "kbd", key), " ");
      const row = document.createElement("tr");
      row.append(keys, element("td", help));
      rows.append(row);
    }
  }
  const dialog = /** @type {HTMLDialogElement} */ (byId("keys"));
  if (!dialog.open) dialog.showModal();
}
