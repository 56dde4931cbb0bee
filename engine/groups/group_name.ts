import { SHORT_ID_DIGITS } from "../../runtime/event_batch.ts";
import { containerOf } from "./container.ts";
import { containerName } from "./container_names.ts";

/**
 * The name of a control group in rows: its path, or for a container `RUNTIME:NAME` with the path below the container's own
 * group. The names of a container are looked up once.
 */
export function groupNamer(nameOf: (id: string) => string | null = containerName): (path: string) => string {
  const names = new Map<string, string>();
  return (path) => {
    const container = containerOf(path);
    if (container === null) return path;
    const { runtime, id, below } = container;
    let name = names.get(id);
    if (name === undefined) names.set(id, name = nameOf(id) ?? id.slice(0, SHORT_ID_DIGITS));
    return `${runtime}:${name}${below}`;
  };
}
