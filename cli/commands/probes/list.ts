/** The list of `ior probes`: data, and its two forms. */
import type { CallPresence } from "../../../engine/mod.ts";
import { isRequest } from "../../../runtime/syscalls/aio.ts";
import { type Arch, type Syscall, syscallByName, syscallNumber } from "../../../runtime/syscalls/mod.ts";
import type { Column } from "../../text/table.ts";
import { renderTable } from "../../text/table.ts";
import { createPaint } from "../../text/style.ts";

/** One system call of the list. */
export interface ListedCall {
  syscall: string;
  /** Other accepted spellings. */
  aliases: readonly string[];
  family: string;
  kinds: readonly string[];
  /** Number on this architecture, `null` for none, and for a request to io_uring, which is no call. */
  number: number | null;
  /** Whether the running kernel has the call; `null` when it cannot be told. */
  in_kernel: boolean | null;
  /** Why not, or why it cannot be told; `null` when it has it. */
  reason: string | null;
}

/** The calls of these names, in the order of the names. */
export function listCalls(
  names: readonly string[],
  arch: Arch,
  presenceOf: (call: Syscall) => CallPresence,
): ListedCall[] {
  return names.map((name) => {
    const call = syscallByName(name)!;
    const { isThere, reason } = presenceOf(call);
    const { aliases, family, kinds } = call;
    return {
      syscall: call.name,
      aliases,
      family,
      kinds,
      number: isRequest(call.name) ? null : syscallNumber(arch, call),
      in_kernel: isThere,
      reason,
    };
  });
}

/** The document of `ior probes --json`, see schema/ior.probes.1.json. */
export function callsJson(
  calls: readonly ListedCall[],
  machine: { ior: string; kernel: string; arch: Arch },
): string {
  const lines = calls.map((call) => `    ${JSON.stringify(call)}`).join(",\n");
  const facts = Object.entries({ schema: "ior.probes/1", ...machine })
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`).join("");
  return `{\n${facts}  "calls": [\n${lines}\n  ]\n}\n`;
}

const COLUMNS: readonly Column<ListedCall>[] = [
  { title: "SYSCALL", align: "left", rank: 0, cell: ({ syscall }) => syscall },
  { title: "FAMILY", align: "left", rank: 0, cell: ({ family }) => family },
  { title: "KINDS", align: "left", rank: 0, cell: ({ kinds }) => kinds.join(",") || "-" },
  { title: "NUMBER", align: "right", rank: 0, cell: ({ number }) => String(number ?? "-") },
  {
    title: "KERNEL",
    align: "left",
    rank: 0,
    cell: ({ in_kernel, reason }) =>
      in_kernel ? "yes" : `${in_kernel === null ? "unknown" : "no"}: ${reason}`,
    tone: ({ in_kernel }) => in_kernel ? null : "quiet",
  },
];

/** The list as a table, with a line of sums below it. */
export function callsText(calls: readonly ListedCall[], color: boolean): string {
  const count = (inKernel: boolean | null) => calls.filter(({ in_kernel }) => in_kernel === inKernel).length;
  const requests = calls.filter(({ syscall }) => isRequest(syscall)).length;
  const kinds = [[calls.length - requests, "system call", ""], [
    requests,
    "request",
    " to io_uring",
  ]] as const;
  const listed = kinds.filter(([number]) => number > 0)
    .map(([number, one, rest]) => `${number} ${one}${number === 1 ? "" : "s"}${rest}`);
  const sums = [listed.join(" and "), `${count(true)} in this kernel`];
  if (count(null) > 0) sums.push(`${count(null)} unknown`);
  return [...renderTable(COLUMNS, calls, Infinity, createPaint(color)), "", sums.join(", "), ""].join("\n");
}
