import { groupId, groupsIn, type GroupTarget, type Hierarchy, levelOf } from "../../bpf/mod.ts";
import { LEAST_ID_DIGITS } from "../../runtime/event_batch.ts";
import { IorError } from "../../runtime/errors.ts";
import { containerOf } from "./container.ts";

/**
 * The control groups that a user means by a word: a path, the last component of one (with or without `.service`, `.scope`,
 * `.slice`), a container's name, `RUNTIME:NAME`, or the first digits of its id. A group below one that is meant is left out: it
 * is meant as well.
 *
 * @param nameOf The name of a control group in rows, see `groupNamer`.
 * @throws {IorError} `usage` when there is none, and when digits are those of several containers.
 */
export function findGroups(
  word: string,
  hierarchy: Hierarchy | null,
  nameOf: (path: string) => string,
): GroupTarget[] {
  if (hierarchy === null) {
    throw new IorError("usage", `Cannot use --cgroup \`${word}\`: no cgroup v2 hierarchy is mounted`, {
      hint: "Control groups are those of cgroup v2; mount it with: mount -t cgroup2 none /mnt",
    });
  }
  const { directory } = hierarchy;
  const found = word.includes("/") ? pathMeant(word, directory) : null;
  if (found !== null) return [targetOf(found, hierarchy)];
  const matches = groupsNamed(word, directory, nameOf);
  if (matches.length === 0) {
    throw new IorError("usage", `Cannot use --cgroup \`${word}\`: unknown control group`, {
      hint: `Control groups are the directories below ${directory}`,
    });
  }
  return matches.map((path) => targetOf(path, hierarchy));
}

/** The group of a path, in the file system or in the hierarchy; `null` for none. Paths begin at the hierarchy's root. */
function pathMeant(word: string, directory: string): string | null {
  const parts = word.split("/").filter((part) => part !== "" && part !== ".");
  const path = `/${parts.join("/")}`;
  const inside = path === directory
    ? "/"
    : path.startsWith(`${directory}/`)
    ? path.slice(directory.length)
    : path;
  return parts.includes("..") || groupId(directory + inside) === null ? null : inside;
}

/** The topmost groups that a word names. */
function groupsNamed(word: string, directory: string, nameOf: (path: string) => string): string[] {
  const found: string[] = [];
  const ids = new Set<string>();
  const isId = /^[0-9a-f]+$/.test(word) && word.length >= LEAST_ID_DIGITS;
  const walk = (path: string) => {
    const last = path.slice(path.lastIndexOf("/") + 1);
    const container = containerOf(path);
    const isContainer = container !== null && container.below === "";
    const hasId = isContainer && isId && container.id.startsWith(word);
    if (hasId) ids.add(container.id);
    if (
      last === word || last.replace(/\.(service|scope|slice)$/, "") === word || hasId ||
      (isContainer && [nameOf(path), nameOf(path).replace(/^[^:]+:/, "")].includes(word))
    ) found.push(path);
    else for (const name of groupsIn(directory + path)) walk(`${path}/${name}`);
  };
  for (const name of groupsIn(directory)) walk(`/${name}`);
  if (ids.size > 1) {
    throw new IorError(
      "usage",
      `Cannot use --cgroup \`${word}\`: ${ids.size} containers have an ID that begins so`,
      {
        hint: "Give more digits",
      },
    );
  }
  return found;
}

function targetOf(path: string, { directory, level }: Hierarchy): GroupTarget {
  const id = groupId(directory + path);
  if (id === null) {
    throw new IorError("usage", `Cannot use --cgroup \`${path}\`: the control group has been removed`);
  }
  return { id, level: level === null ? null : level + levelOf(path) };
}
