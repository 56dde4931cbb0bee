/** What a frame asks of the statistics. */
import type { Model } from "./model.ts";
import { taskNeeds } from "./overlays/tasks.ts";
import type { ShownTables } from "./views/view.ts";
import { VIEWS } from "./views/views.ts";

/** What the view and the dialog over it show. */
export function requestOf(model: Model): ShownTables {
  const { view, overlay } = model;
  const needs = VIEWS[view].needs?.(model) ?? { tables: [] };
  if (overlay?.kind !== "tasks") return needs;
  return { tables: [...new Set([...needs.tables, ...taskNeeds(overlay).tables])] };
}
