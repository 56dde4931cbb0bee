/** The options of the live view, as rows. */
import { VIEW_IDS, type ViewId } from "../top/model.ts";
import { countOption } from "./count_option.ts";
import { option, toggle } from "./option.ts";
import { readChoice, readTime } from "./values.ts";

/** Time between two frames: twice a second, as fast as numbers can be read. */
const INTERVAL_NS = 500e6;

/** Shortest one: the statistics of a busy machine take milliseconds to be handed over. */
const INTERVAL_MIN_NS = 50e6;

/** Shortest time of a baseline. */
const RESET_MIN_NS = 1e9;

/** Options of `ior top`. */
export const TOP_OPTIONS = [
  option({
    key: "intervalNs",
    long: "--interval",
    value: "DUR",
    example: "1s",
    group: "View",
    summary: `time between two frames (default ${INTERVAL_NS / 1e6}ms)`,
    initial: INTERVAL_NS,
    read: (text) => readTime("--interval", text, INTERVAL_MIN_NS),
  }),
  option({
    key: "view",
    long: "--view",
    value: "NAME",
    example: "files",
    offers: VIEW_IDS,
    group: "View",
    summary: `the view to begin with: ${VIEW_IDS.join(", ")} (default overview)`,
    initial: "overview" as ViewId,
    read: (text) => readChoice("--view", text, "view", VIEW_IDS),
  }),
  option({
    key: "resetEveryNs",
    long: "--reset-every",
    value: "DUR",
    example: "30s",
    group: "View",
    summary: "begin a new baseline every DUR",
    initial: null as number | null,
    read: (text) => readTime("--reset-every", text, RESET_MIN_NS),
  }),
  toggle({
    key: "batch",
    long: "--batch",
    short: "-b",
    group: "View",
    summary: "print frames as text, for scripts and pipes; LINES is their height",
  }),
  toggle({
    key: "json",
    long: "--json",
    group: "View",
    summary: "print a report of each interval as a line of JSON; implies --batch",
  }),
  countOption("View", "frames of --batch"),
];
