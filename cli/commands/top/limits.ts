/** How much a view counts separately. */
import type { FlameConfig } from "../../../runtime/flame_messages.ts";
import { MAX_TRIE_NODES } from "../../../runtime/flame_messages.ts";
import { STATS_LIMITS, type StatsConfig } from "../../../runtime/messages.ts";
import type { Arch } from "../../../runtime/syscalls/mod.ts";
import { DEFAULTS } from "../../options/defaults.ts";
import { PROCESS_GROUPS, STACK_GROUPS } from "../../top/mod.ts";
import type { TopCommand } from "./task.ts";

/** More than anyone scrolls through, and little to hand over twice a second. */
const VIEW_LIMITS = {
  ...STATS_LIMITS,
  maxFiles: 2000,
  maxProcesses: 1000,
  maxDirectories: 2000,
  maxGroups: 4000,
};

/** The statistics of frames, or of whole reports. */
export function statsConfig(
  { batch, extras, from }: Pick<TopCommand, "batch" | "extras" | "from">,
  arch: Arch,
): StatsConfig {
  const hasStacks = extras.includes("stacks");
  if (batch === "json") return { arch, ...STATS_LIMITS, by: hasStacks ? STACK_GROUPS : [] };
  // A recording may have some.
  const by = hasStacks || from.length > 0 ? [...PROCESS_GROUPS, ...STACK_GROUPS] : PROCESS_GROUPS;
  return { arch, ...VIEW_LIMITS, by };
}

/** The flamegraph at first. */
export function flameConfig({ extras }: Pick<TopCommand, "extras">, arch: Arch): FlameConfig {
  const fields = extras.includes("stacks") ? DEFAULTS.fieldsWithStacks : DEFAULTS.fields;
  return { arch, fields, metric: DEFAULTS.metric, maxNodes: MAX_TRIE_NODES / 10 };
}
