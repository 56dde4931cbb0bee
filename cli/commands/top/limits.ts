/** How much a view counts separately. */
import type { FlameConfig } from "../../../runtime/flame_messages.ts";
import { MAX_TRIE_NODES } from "../../../runtime/flame_messages.ts";
import { STATS_LIMITS, type StatsConfig } from "../../../runtime/messages.ts";
import type { Arch } from "../../../runtime/syscalls/mod.ts";
import { DEFAULTS } from "../../options/defaults.ts";
import { PROCESS_GROUPS } from "../../top/mod.ts";
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
export function statsConfig({ batch }: Pick<TopCommand, "batch">, arch: Arch): StatsConfig {
  return batch === "json" ? { arch, ...STATS_LIMITS } : { arch, ...VIEW_LIMITS, by: PROCESS_GROUPS };
}

/** The flamegraph at first. */
export function flameConfig({ extras }: Pick<TopCommand, "extras">, arch: Arch): FlameConfig {
  const fields = extras.includes("stacks") ? DEFAULTS.fieldsWithStacks : DEFAULTS.fields;
  return { arch, fields, metric: DEFAULTS.metric, maxNodes: MAX_TRIE_NODES / 10 };
}
