/** Back and forward: each view is an entry in the browser's own history, so its buttons work too. */

/** @import { View } from "./model.js" */

/**
 * @param {string} id Identifies the data: entries of another graph, from before a changed file was reloaded, are ignored.
 * @param {View} first
 * @param {(view: View) => void} show Called when the reader goes back or forward.
 */
export function createHistory(id, first, show) {
  let at = 0;
  /** Views by step: used when the browser refuses to keep a history, as in some iframes. */
  let views = [first];
  let kept = true;

  /** @param {unknown} state */
  const known = (state) => {
    const step = /** @type {{id?: string, at: number, view: View} | null} */ (state);
    return step?.id === id ? step : null;
  };
  const reloaded = known(globalThis.history.state);
  if (reloaded === null) keep("replaceState", first);
  else at = reloaded.at;

  /** @param {"pushState" | "replaceState"} how @param {View} view */
  function keep(how, view) {
    if (!kept) return;
    try {
      globalThis.history[how]({ id, at, view }, "");
    } catch {
      kept = false;
    }
  }

  addEventListener("popstate", ({ state }) => {
    const step = known(state);
    if (step === null) return;
    at = step.at;
    show(step.view);
  });

  return {
    /** The initial view: after a reload, the view from before. */
    start: reloaded?.view ?? first,
    /**
     * A new step.
     * @param {View} view
     */
    push(view) {
      at++;
      views = [...views.slice(0, at), view];
      keep("pushState", view);
    },
    /** Goes back one step and shows its view, immediately or once the browser has navigated. */
    back() {
      if (at === 0) return;
      if (kept) globalThis.history.back();
      else show(views[--at]);
    },
    /** True when there is a step to go back to. */
    get canBack() {
      return at > 0;
    },
  };
}
