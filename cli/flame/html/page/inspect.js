/** What the page shows, as plain data, for scripts and tests. */

/** @import { FlameModel } from "./model.js" */
/** @import { Graph } from "./graph.js" */

/**
 * Defines `globalThis.iorFlame`, which is read-only.
 * @param {FlameModel} model
 * @param {Graph} graph
 * @param {() => number} focused The frame that the keyboard is on.
 */
export function exposeState(model, graph, focused) {
  const iorFlame = Object.freeze({
    state: () => ({
      title: model.profile.title,
      metric: model.metric.name,
      order: model.view.order.map((index) => model.profile.fields[index] ?? null),
      reversed: model.view.reversed,
      widths: model.view.widths,
      zoom: model.stackOf(model.view.zoom.node),
      skip: model.view.zoom.skip,
      focus: model.stackOf(focused()),
      frames: model.tree.length,
      drawn: graph.boxes.node.length,
      drawMs: graph.drawMs,
      flipped: graph.flipped,
      theme: graph.theme,
      found: { frames: model.found.nodes.length, width: model.found.width },
      total: model.layout.width[0],
    }),
    /** The boxes drawn, in CSS pixels from the upper left corner of the window. */
    boxes: () =>
      graph.boxes.node.map((node, index) => ({
        stack: model.stackOf(node),
        rest: graph.boxes.rest[index],
        ...graph.placeOf(index),
      })),
  });
  Object.assign(globalThis, { iorFlame });
}
