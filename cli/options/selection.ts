/** From what the flags say to the set of calls and the rules that the engine works with. */
import { IorError } from "../../runtime/errors.ts";
import { type Pattern, type Selection } from "../../runtime/selection.ts";
import { syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { type Arch, FAMILIES, type Family, type Kind } from "../../runtime/syscalls/types.ts";
import { DEFAULTS } from "./defaults.ts";
import type { SelectionFlags } from "./flag_values.ts";

/**
 * Resolves the flags to a {@linkcode Selection} with the numbers of `arch`.
 *
 * The calls are those of the families given, narrowed to the kinds given, and those of `--syscall` beside; what the
 * `--no-` flags name is taken away from both. Kinds without a family are taken from all families; with none of the
 * three the default family holds. Throws an {@linkcode IorError} of code `usage` when no call is left.
 */
export function resolveSelection(flags: SelectionFlags, arch: Arch): Selection {
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
  const named = new Set(flags.syscalls.flatMap((entry) => entry.numbers));
  const unnamed = new Set(flags.excludedSyscalls.flatMap((entry) => entry.numbers));
  const noFamilies: ReadonlySet<Family | "all"> = new Set(flags.excludedFamilies);
  const noKinds: ReadonlySet<Kind> = new Set(flags.excludedKinds);
  const syscalls: number[] = [];
  for (const call of SYSCALLS) {
    const number = syscallNumber(arch, call);
    if (number === null) continue;
    const selected = named.has(number) ||
      (families.has(call.family) && (kinds.size === 0 || kinds.has(call.kind)));
    const excluded = unnamed.has(number) || noKinds.has(call.kind) ||
      noFamilies.has(call.family) || noFamilies.has("all");
    if (selected && !excluded) syscalls.push(number);
  }
  if (syscalls.length === 0) throw nothingSelected(flags);
  return {
    pids: unique(flags.pids),
    tids: unique(flags.tids),
    uids: unique(flags.uids),
    follow: flags.follow,
    comms: unique<Pattern>(flags.comms),
    paths: unique<Pattern>(flags.paths),
    excludedComms: unique<Pattern>(flags.excludedComms),
    excludedPaths: unique<Pattern>(flags.excludedPaths),
    syscalls: syscalls.sort((a, b) => a - b),
    // A number that the table does not know has no kind that could match.
    unknownSyscalls: flags.families.includes("all") && flags.kinds.length === 0,
    failedOnly: flags.failedOnly,
    slowerNs: flags.slowerNs ?? 0,
  };
}

/**
 * What the user selected, as plain data for the report: only what was given, in the words of the flags, and always
 * `families`, the families that the selected calls belong to.
 */
export function selectionDescription(
  flags: SelectionFlags,
  selection: Selection,
  arch: Arch,
): Record<string, unknown> {
  const lists: [string, readonly unknown[]][] = [
    ["pid", selection.pids],
    ["tid", selection.tids],
    ["uid", selection.uids],
    ["comm", selection.comms],
    ["path", selection.paths],
    ["syscall", unique(flags.syscalls.map((entry) => entry.text))],
    ["family", unique(flags.families)],
    ["kind", unique(flags.kinds)],
    ["no_comm", selection.excludedComms],
    ["no_path", selection.excludedPaths],
    ["no_syscall", unique(flags.excludedSyscalls.map((entry) => entry.text))],
    ["no_family", unique(flags.excludedFamilies)],
    ["no_kind", unique(flags.excludedKinds)],
  ];
  const description: Record<string, unknown> = {};
  for (const [name, values] of lists) if (values.length > 0) description[name] = values;
  if (!flags.follow) description.follow = false;
  if (flags.failedOnly) description.failed = true;
  if (flags.slowerNs !== null) description.slower_ns = flags.slowerNs;
  description.families = familiesOf(selection, arch);
  return description;
}

/** The families of the selected calls, in the order of the table of families. */
function familiesOf(selection: Selection, arch: Arch): Family[] {
  const selected = new Set(selection.syscalls);
  const found = new Set<Family>();
  for (const call of SYSCALLS) {
    const number = syscallNumber(arch, call);
    if (number !== null && selected.has(number)) found.add(call.family);
  }
  return FAMILIES.filter((family) => found.has(family));
}

function nothingSelected(flags: SelectionFlags): IorError {
  const given: [string, readonly string[]][] = [
    ["--family", flags.families],
    ["--kind", flags.kinds],
    ["--syscall", flags.syscalls.map((entry) => entry.text)],
    ["--no-family", flags.excludedFamilies],
    ["--no-kind", flags.excludedKinds],
    ["--no-syscall", flags.excludedSyscalls.map((entry) => entry.text)],
  ];
  const words = given.filter(([, values]) => values.length > 0)
    .map(([flag, values]) => `${flag} ${values.join(",")}`).join(" ");
  const base = flags.families.length + flags.kinds.length + flags.syscalls.length;
  return new IorError("usage", `No system call is left to trace: \`${words}\` selects none`, {
    hint: base === 0
      ? `Without --family only ${
        DEFAULTS.families.join(",")
      } is selected; add --family all to take away from all calls`
      : "`ior trace -h` says how families, kinds and calls combine",
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
