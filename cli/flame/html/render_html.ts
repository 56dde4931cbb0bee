import { escapeText } from "../../text/escape.ts";
import type { FlamePage } from "./flame_page.ts";
import { DATA_END, DATA_START, encodePage } from "./page_data.ts";
import { PAGE_MARKUP, PAGE_SCRIPT, PAGE_STYLE } from "./page_parts.ts";

// Not imported by name: a bundle would load it whenever ior starts.
const { createHash } = await import("node:crypto");

/**
 * A flamegraph as one HTML file that opens from a disk, needs no network, and holds all metrics of the profile as data
 * that {@linkcode readFlameHtml} gives back. The page's policy allows only the script and style written here, so a name
 * that contains markup stays text.
 */
export function renderFlameHtml(page: FlamePage): string {
  const slots: Record<string, string> = {
    title: escapeHtml(escapeText(page.title)),
    policy: [
      "default-src 'none'",
      `script-src '${sourceHash(PAGE_SCRIPT)}'`,
      `style-src '${sourceHash(PAGE_STYLE)}'`,
      // The empty icon: without it, browsers request one from a server that hosts the page.
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
    style: `<style>${PAGE_STYLE}</style>`,
    data: DATA_START + encodePage(page) + DATA_END,
    script: `<script type="module">${PAGE_SCRIPT}</script>`,
  };
  return PAGE_MARKUP.replaceAll(/\{\{ (\w+) \}\}/g, (_, slot: string) => slots[slot]);
}

/** The hash that allows an inline element with exactly this text in a content security policy. */
function sourceHash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]);
}
