/** The canvas: its size, what it shows, and which frame is under the pointer. */
import { PALETTES } from "./colors.js";
import { paintBoxes, ROW_PX } from "./paint.js";
import { boxAt, visibleBoxes } from "./visible.js";

/** @import { FlameModel } from "./model.js" */
/** @import { Boxes } from "./visible.js" */

/** Width of the graph on paper, CSS pixels; the paper scales it. */
const PRINT_PX = 1100;
/** Longest side of a canvas that every browser draws, device pixels. */
const CANVAS_SIDE_MAX_PX = 16_384;
/** Minimum width of the mark of the keyboard's focus, CSS pixels. */
const MARK_MIN_PX = 4;

export class Graph {
  /** @type {Boxes} */ boxes = { node: [], row: [], x: [], width: [], rest: [] };
  /** Duration of the last drawing, milliseconds. */
  drawMs = 0;
  flipped = false;
  /** @type {"light" | "dark"} */ theme = "light";
  #pending = 0;
  #printing = false;
  #model;
  #scroll;
  #space;
  #canvas;
  #context;

  /** @param {FlameModel} model @param {{scroll: HTMLElement, space: HTMLElement, canvas: HTMLCanvasElement}} parts */
  constructor(model, { scroll, space, canvas }) {
    this.#model = model;
    this.#scroll = scroll;
    this.#space = space;
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    new ResizeObserver(() => this.draw()).observe(scroll);
    scroll.addEventListener("scroll", () => this.drawSoon(), { passive: true });
    addEventListener("beforeprint", () => this.#print(true));
    addEventListener("afterprint", () => this.#print(false));
  }

  /** Height of all rows of the zoomed part, at least the window's height, CSS pixels. */
  get #height() {
    const { layout, view } = this.#model;
    const rows = (layout.deepest[view.zoom.node] + 1) * ROW_PX;
    return this.#printing ? rows : Math.max(rows, this.#scroll.clientHeight);
  }

  /**
   * Upper edge of a row from the upper edge of the graph, CSS pixels.
   * @param {number} row
   */
  #yOf(row) {
    return this.flipped ? this.#height - (row + 1) * ROW_PX : row * ROW_PX;
  }

  /** @param {boolean} on */
  #print(on) {
    this.#printing = on;
    this.draw();
  }

  /** Draws in the next animation frame, once for all changes until then. */
  drawSoon() {
    this.#pending ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (this.#pending !== 0) cancelAnimationFrame(this.#pending);
    this.#pending = 0;
    const began = performance.now();
    const widthPx = this.#printing ? PRINT_PX : this.#scroll.clientWidth;
    this.#space.style.height = `${this.#height}px`;
    const heightPx = this.#printing ? this.#height : this.#scroll.clientHeight;
    const scrolled = this.#printing ? 0 : this.#scroll.scrollTop;
    this.#resize(widthPx, heightPx);
    const seen = [scrolled, scrolled + heightPx].map((y) => (this.flipped ? this.#height - y : y) / ROW_PX);
    this.boxes = visibleBoxes(this.#model.tree, this.#model.layout, this.#model.view.zoom, {
      widthPx,
      top: Math.floor(Math.min(...seen)),
      bottom: Math.ceil(Math.max(...seen)),
    });
    const palette = PALETTES[this.#printing ? "light" : this.theme];
    paintBoxes(this.#context, this.#model, this.boxes, {
      palette,
      yOf: (row) => this.#yOf(row) - scrolled,
      widthPx,
      heightPx,
    });
    this.drawMs = performance.now() - began;
  }

  /** @param {number} widthPx @param {number} heightPx */
  #resize(widthPx, heightPx) {
    const wanted = this.#printing ? Math.max(2, devicePixelRatio) : devicePixelRatio;
    const ratio = Math.min(wanted, CANVAS_SIDE_MAX_PX / Math.max(1, widthPx, heightPx));
    const width = Math.max(1, Math.round(widthPx * ratio));
    const height = Math.max(1, Math.round(heightPx * ratio));
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      this.#canvas.style.width = `${widthPx}px`;
      this.#canvas.style.height = `${heightPx}px`;
    }
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /**
   * What is under the pointer: a frame (`rest` -1), or frames too narrow to draw; `null` for nothing.
   * @param {MouseEvent} event
   */
  at(event) {
    const box = this.#canvas.getBoundingClientRect();
    const y = event.clientY - box.top + this.#scroll.scrollTop;
    const row = Math.floor((this.flipped ? this.#height - y : y) / ROW_PX);
    const i = boxAt(this.boxes, row, event.clientX - box.left);
    return i < 0 ? null : { node: this.boxes.node[i], rest: this.boxes.rest[i], index: i };
  }

  /**
   * Lays `mark` over a box of the drawing.
   * @param {HTMLElement} mark
   * @param {number} index
   */
  markBox(mark, index) {
    this.#place(mark, this.boxes.x[index], this.boxes.width[index], this.boxes.row[index]);
  }

  /**
   * Where a box of the drawing is in the window, CSS pixels.
   * @param {number} index
   */
  placeOf(index) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const y = top + this.#yOf(this.boxes.row[index]) - this.#scroll.scrollTop;
    return { x: left + this.boxes.x[index], y, width: this.boxes.width[index], height: ROW_PX };
  }

  /**
   * Lays `mark` over a frame, including one too narrow to draw, and hides it when the frame is outside the zoomed part.
   * @param {HTMLElement} mark
   * @param {number} node
   */
  markFrame(mark, node) {
    const { layout, view } = this.#model;
    mark.hidden = !this.#model.inZoom(node);
    if (mark.hidden) return;
    const { node: zoomed, skip } = view.zoom;
    const from = layout.start[skip > 0 ? layout.children[layout.first[zoomed] + skip] : zoomed];
    const range = layout.start[zoomed] + layout.width[zoomed] - from;
    const scale = range > 0 ? this.#scroll.clientWidth / range : 0;
    const isAbove = layout.row[node] <= layout.row[zoomed];
    const x = isAbove ? 0 : (layout.start[node] - from) * scale;
    const width = isAbove ? this.#scroll.clientWidth : layout.width[node] * scale;
    this.#place(mark, x, width, layout.row[node]);
  }

  /** @param {HTMLElement} mark @param {number} x @param {number} width @param {number} row */
  #place(mark, x, width, row) {
    mark.hidden = false;
    const wide = Math.max(MARK_MIN_PX, width - 1);
    const left = Math.max(0, Math.min(x, this.#scroll.clientWidth - wide));
    mark.style.transform = `translate(${left}px, ${this.#yOf(row)}px)`;
    mark.style.width = `${wide}px`;
    mark.style.height = `${ROW_PX - 1}px`;
  }

  /**
   * Scrolls until a row is visible together with the rows before and after it.
   * @param {number} row
   */
  reveal(row) {
    const y = this.#yOf(row);
    const { scrollTop, clientHeight } = this.#scroll;
    if (y - ROW_PX < scrollTop) this.#scroll.scrollTop = y - ROW_PX;
    else if (y + 2 * ROW_PX > scrollTop + clientHeight) {
      this.#scroll.scrollTop = y + 2 * ROW_PX - clientHeight;
    }
  }

  /** Scrolls to the root. */
  revealRoot() {
    this.#space.style.height = `${this.#height}px`;
    this.#scroll.scrollTop = this.flipped ? this.#height : 0;
  }
}
