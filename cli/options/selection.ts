/** Turns the selection options into the filter of the engine. */
import { LEAST_ID_DIGITS, SHORT_ID_DIGITS } from "../../runtime/event_batch.ts";
import { IorError } from "../../runtime/errors.ts";
import {
  allOf,
  type Expression,
  formatExpression,
  type Pattern,
  type TextField,
} from "../../runtime/expression/mod.ts";
import { type Filter, splitFilter } from "../../runtime/filter/mod.ts";
import { familyOfName, SYSCALLS, UNKNOWN_FAMILY } from "../../runtime/syscalls/mod.ts";
import { FAMILIES, type Family, type Kind } from "../../runtime/syscalls/types.ts";
import { quoteWord } from "../text/quote_word.ts";
import { DEFAULTS } from "./defaults.ts";
import type { CallFlags, SelectionFlags } from "./flag_values.ts";

/**
 * Resolves the options to a {@linkcode Filter}, which includes calls of other architectures, for recordings made there.
 * A condition that names calls or families selects from all families unless options name some. Calls for which the
 * condition cannot hold are left out. Throws an {@linkcode IorError} of code `usage` when no call is left.
 */
export function resolveSelection(given: SelectionFlags): Filter {
  const named = withExclusions(given);
  const flags = named.where.some((condition) => namesCalls(condition)) ? fromAllFamilies(named) : named;
  const filter: Filter = {
    pids: unique(flags.pids),
    tids: unique(flags.tids),
    follow: flags.follow,
    syscalls: resolveCalls(flags),
    unknownSyscalls: selectsUnknown(flags),
    where: conditionOf(flags),
  };
  const { kernel } = splitFilter(filter);
  if (kernel.syscalls.length === 0 && !kernel.unknownSyscalls) throw nothingSelected(named, named.where);
  return { ...filter, syscalls: kernel.syscalls, unknownSyscalls: kernel.unknownSyscalls };
}

/** Whether the options select numbers that the table does not know: these have a family, and no kind that could match. */
function selectsUnknown({ families, kinds, excludedFamilies }: CallFlags): boolean {
  const isIn = (list: CallFlags["families"]) => list.includes("all") || list.includes(UNKNOWN_FAMILY);
  return isIn(families) && kinds.length === 0 && !isIn(excludedFamilies);
}

/** The same options, with all families where nothing is named. */
export function fromAllFamilies<Flags extends CallFlags>(flags: Flags): Flags {
  const { families, kinds, syscalls } = flags;
  const isUnnamed = families.length + kinds.length + syscalls.length === 0;
  return isUnnamed ? { ...flags, families: ["all"] } : flags;
}

/** True for a condition that names calls or families to select, not only some to exclude. */
function namesCalls(condition: Expression, isNegated = false): boolean {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.terms.some((term) => namesCalls(term, isNegated));
    case "not":
      return namesCalls(condition.term, !isNegated);
    case "text":
      return ["syscall", "family"].includes(condition.field) &&
        (condition.operator === "!=") === isNegated;
    default:
      return false;
  }
}

/**
 * Names of the calls that the options select, in the order of the table.
 *
 * The calls are those of the families given, narrowed to the kinds given, plus those of `--syscall`; calls that the
 * `--no-` options name are removed from both. Kinds without a family select from all families; with none of the
 * three the default family applies. Throws an {@linkcode IorError} of code `usage` when no call is left.
 */
export function resolveCalls(given: CallFlags): string[] {
  const flags = withExclusions(given);
  const everywhere = flags.families.includes("all") ||
    (flags.families.length === 0 && flags.kinds.length > 0);
  const families: ReadonlySet<Family | "all"> = new Set(
    everywhere
      ? FAMILIES
      : flags.families.length === 0 && flags.syscalls.length === 0
      ? DEFAULTS.families
      : flags.families,
  );
  const kinds: ReadonlySet<Kind> = new Set(flags.kinds);
  const named = new Set(flags.syscalls.flatMap((entry) => entry.names));
  const unnamed = new Set(flags.excludedSyscalls.flatMap((entry) => entry.names));
  const noFamilies: ReadonlySet<Family | "all"> = new Set(flags.excludedFamilies);
  const noKinds: ReadonlySet<Kind> = new Set(flags.excludedKinds);
  const syscalls = SYSCALLS.filter((call) => {
    const isSelected = named.has(call.name) ||
      (families.has(call.family) && (kinds.size === 0 || call.kinds.some((kind) => kinds.has(kind))));
    const isExcluded = unnamed.has(call.name) || call.kinds.some((kind) => noKinds.has(kind)) ||
      noFamilies.has(call.family) || noFamilies.has("all");
    return isSelected && !isExcluded;
  }).map(({ name }) => name);
  if (syscalls.length === 0) throw nothingSelected(flags, []);
  return syscalls;
}

/** The condition that the short options stand for, and those of `--where`. */
function conditionOf(flags: SelectionFlags): Expression | null {
  const { uids, gids, errnos, excludedErrnos, failedOnly, slowerNs, where } = flags;
  const conditions: (Expression | null)[] = [
    uids.length > 0 ? { kind: "number", field: "uid", operator: "=", values: unique(uids) } : null,
    gids.length > 0 ? { kind: "number", field: "gid", operator: "=", values: unique(gids) } : null,
    matching("comm", flags.comms),
    not(matching("comm", flags.excludedComms)),
    matching("path", flags.paths),
    not(matching("path", flags.excludedPaths)),
    failedOnly ? { kind: "failed" } : null,
    comparing("errno", errnos),
    not(comparing("errno", excludedErrnos)),
    slowerNs !== null ? { kind: "number", field: "latency", operator: ">=", values: [slowerNs] } : null,
    ...where,
  ];
  return allOf(conditions.filter((condition) => condition !== null));
}

/** Where the hierarchy of groups is mounted nearly everywhere: a live trace takes the directories there for groups too. */
const HIERARCHY = /^\/sys\/fs\/cgroup(\/|$)/;

/**
 * The condition on the names of control groups that a list stands for in recordings, `null` for an empty one. A word with a
 * slash is a path, or a container in a pod (`POD/CONTAINER`), any other the name of a group or of a container, or the first digits of
 * its ID where it has no name.
 */
export function groupCondition(words: readonly string[]): Expression | null {
  if (words.length === 0) return null;
  const values = unique(words).flatMap((given) => {
    const word = given.replace(HIERARCHY, "/");
    const text = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    if (!word.includes("/")) return [`(^|[/:])${text}(\\.(service|scope|slice))?(/|$)`, ...shortIds(word)];
    const path = text.replace(/^\/*|\/*$/g, "");
    if (path === "") return ["."]; // every group is below the root
    return [word.startsWith("/") ? `^/${path}(/|$)` : `^(/|[^/:]+:)?${path}(/|$)`];
  });
  return { kind: "text", field: "cgroup", operator: "=~", values };
}

/** The expression for the short IDs that begin with these digits, none for another word. */
function shortIds(word: string): string[] {
  if (!/^[0-9a-f]+$/.test(word) || word.length < LEAST_ID_DIGITS) return [];
  const digits = word.slice(0, SHORT_ID_DIGITS);
  return [`:${digits}[0-9a-f]{${SHORT_ID_DIGITS - digits.length}}(/|$)`];
}

function matching(field: TextField, patterns: readonly Pattern[]): Expression | null {
  return patterns.length > 0 ? { kind: "text", field, operator: "~", values: unique(patterns) } : null;
}

function comparing(field: TextField, names: readonly string[]): Expression | null {
  return names.length > 0 ? { kind: "text", field, operator: "=", values: unique(names) } : null;
}

function not(term: Expression | null): Expression | null {
  return term && { kind: "not", term };
}

/**
 * What the user selected, as plain data for the report: only what was given, in the words of the options, and always
 * `families`, the families that the selected calls belong to.
 */
export function selectionDescription(
  given: SelectionFlags,
  selection: Filter,
): Record<string, unknown> {
  const flags = withExclusions(given);
  const lists: [string, readonly unknown[]][] = [
    ["pid", selection.pids],
    ["tid", selection.tids],
    ["uid", unique(flags.uids)],
    ["gid", unique(flags.gids)],
    ["cgroup", unique(flags.cgroups)],
    ["comm", unique(flags.comms)],
    ["path", unique(flags.paths)],
    ["syscall", unique(flags.syscalls.map((entry) => entry.text))],
    ["family", unique(flags.families)],
    ["kind", unique(flags.kinds)],
    ["errno", unique(flags.errnos)],
    ["no_comm", unique(flags.excludedComms)],
    ["no_path", unique(flags.excludedPaths)],
    ["no_syscall", unique(flags.excludedSyscalls.map((entry) => entry.text))],
    ["no_family", unique(flags.excludedFamilies)],
    ["no_kind", unique(flags.excludedKinds)],
    ["no_errno", unique(flags.excludedErrnos)],
  ];
  const description: Record<string, unknown> = {};
  for (const [name, values] of lists) if (values.length > 0) description[name] = values;
  if (!flags.follow) description.follow = false;
  if (flags.failedOnly) description.failed = true;
  if (flags.slowerNs !== null) description.slower_ns = flags.slowerNs;
  const condition = allOf(flags.where);
  if (condition !== null) description.where = formatExpression(condition);
  const selected = new Set(selection.syscalls.map(familyOfName));
  description.families = FAMILIES.filter((family) => selected.has(family));
  return description;
}

/** The options with the exclusions of `--syscall` moved to those of `--no-syscall`. */
export function withExclusions<Flags extends CallFlags>(flags: Flags): Flags {
  const { true: excluded = [], false: syscalls = [] } = Object.groupBy(
    flags.syscalls,
    ({ isExcluded }) => `${isExcluded}` as const,
  );
  return { ...flags, syscalls, excludedSyscalls: [...flags.excludedSyscalls, ...excluded] };
}

/** The error of a selection without calls; `conditions` are those that count. */
function nothingSelected(flags: CallFlags, conditions: readonly Expression[]): IorError {
  const given: [string, readonly string[]][] = [
    ["--family", flags.families],
    ["--kind", flags.kinds],
    ["--syscall", flags.syscalls.map((entry) => entry.text)],
    ["--no-family", flags.excludedFamilies],
    ["--no-kind", flags.excludedKinds],
    ["--no-syscall", flags.excludedSyscalls.map((entry) => entry.text)],
  ];
  const words = [
    ...given.filter(([, values]) => values.length > 0).map(([flag, values]) => `${flag} ${values.join(",")}`),
    ...conditions.map((condition) => `--where ${quoteWord(formatExpression(condition))}`),
  ].join(" ");
  const base = flags.families.length + flags.kinds.length + flags.syscalls.length;
  return new IorError("usage", `No system call is left to trace: \`${words}\` selects none`, {
    hint: base + conditions.length === 0
      ? `Without --family only ${
        DEFAULTS.families.join(",")
      } is selected; add --family all to exclude from all calls`
      : "`ior trace -h` explains how families, kinds and calls combine",
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
