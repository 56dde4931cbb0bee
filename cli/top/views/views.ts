/** The views by name, and their order: the one place where a view is added. */
import { VIEW_IDS, type ViewId } from "../model.ts";
import { FILES_VIEW } from "./files.ts";
import { FLAME_VIEW } from "./flame.ts";
import { LATENCY_VIEW } from "./latency.ts";
import { MAPPED_VIEW } from "./mapped.ts";
import { OPENS_VIEW } from "./opens.ts";
import { OVERVIEW } from "./overview.ts";
import { PROCESSES_VIEW } from "./processes.ts";
import { STACKS_VIEW } from "./stacks.ts";
import { STREAM_VIEW } from "./stream.ts";
import { SYSCALLS_VIEW } from "./syscalls.ts";
import type { View } from "./view.ts";

/** Every view. */
export const VIEWS: Readonly<Record<ViewId, View>> = {
  overview: OVERVIEW,
  syscalls: SYSCALLS_VIEW,
  files: FILES_VIEW,
  processes: PROCESSES_VIEW,
  latency: LATENCY_VIEW,
  flame: FLAME_VIEW,
  stream: STREAM_VIEW,
  opens: OPENS_VIEW,
  mapped: MAPPED_VIEW,
  stacks: STACKS_VIEW,
};

/** The views in the order of their numbers, from 1 on. */
export const VIEW_LIST: readonly View[] = VIEW_IDS.map((id) => VIEWS[id]);
