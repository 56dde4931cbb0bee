import { FILTER } from "./filter.ts";
import { LOSS } from "./loss.ts";
import { OVERHEAD } from "./overhead.ts";
import { REPORT_TOPIC } from "./report.ts";
import { ROWS } from "./rows.ts";
import type { Topic } from "./topic.ts";

/** What `ior help TOPIC` explains, in the order the help lists it. One with the name of a command follows its help. */
export const TOPICS: readonly Topic[] = [FILTER, ROWS, REPORT_TOPIC, LOSS, OVERHEAD];
