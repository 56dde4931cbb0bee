import { type GroupPlan, unifiedHierarchy } from "../../bpf/mod.ts";
import { type Expression, usesField } from "../../runtime/expression/mod.ts";
import { findGroups } from "./find_groups.ts";
import { groupNamer } from "./group_name.ts";

/** What a trace is asked of control groups. */
export interface GroupChoice {
  /** Groups by path, name or container, see {@linkcode findGroups}; empty for all. */
  groups: readonly string[];
  /** Whether rows say their group, beside those traces whose groups are selected. */
  showsGroups: boolean;
}

/**
 * The plan for a choice, and for the condition of the filter. Groups are looked up now: a group that is made later is
 * selected when it is below one of them.
 *
 * @throws {IorError} `usage` for a group that is not there.
 */
export function planGroups({ groups, showsGroups }: GroupChoice, where: Expression | null): GroupPlan {
  const nameOf = groupNamer();
  const hierarchy = groups.length > 0 ? unifiedHierarchy() : null;
  const selected = groups.flatMap((word) => findGroups(word, hierarchy, nameOf));
  const isAsked = showsGroups || groups.length > 0 || usesField(where, "cgroup");
  return { selected, nameOf: isAsked ? nameOf : null };
}
