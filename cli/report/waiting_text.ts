/** How a report names what was waited for. */
import type { Report } from "../../runtime/report.ts";
import { OTHER_NAME } from "../../runtime/stats.ts";
import { formatCount } from "../text/format.ts";

/** A row of what was waited for. */
export type WaitingRow = Report["waiting"][number];

/** A row's name with the number of what it stands for; not escaped. */
export function waitingName({ kind, name, descriptors }: WaitingRow): string {
  switch (kind) {
    case "pipe":
      return descriptors === 1 ? "1 pipe" : `${formatCount(descriptors)} pipes`;
    case "socket":
      return descriptors === 1 ? name : `${name} (${formatCount(descriptors)} connections)`;
    case "event":
      return descriptors === 1 ? name : `${name} (${formatCount(descriptors)})`;
    case "terminal":
      return name;
    case "call":
      return name === OTHER_NAME ? name : `${name} (call)`;
  }
}
