/** Names known beforehand: those of calls, families and errors, in any case. */
import { ERRNO_NAMES, errnoName, errnoNumber } from "../errno.ts";
import { FAMILIES, syscallByName, SYSCALLS } from "../syscalls/mod.ts";
import { nearest } from "./nearest.ts";

/** The fields whose values are such names. */
export type NamedField = "syscall" | "family" | "errno";

interface NameList {
  /** What one of them is called. */
  what: string;
  names: readonly string[];
  /** The name as rows spell it, `null` when it is unknown. */
  canonical(name: string): string | null;
}

/** The lists, in the order in which a name alone is looked up. */
export const NAME_LISTS: Readonly<Record<NamedField, NameList>> = {
  syscall: {
    what: "call",
    names: SYSCALLS.map(({ name }) => name),
    // A number that the table does not know is shown as a number.
    canonical: (name) =>
      syscallByName(name.toLowerCase())?.name ?? (/^\d{1,10}$/.test(name) ? String(Number(name)) : null),
  },
  errno: {
    what: "error",
    names: ERRNO_NAMES,
    canonical: (name) => {
      const number = errnoNumber(name.toUpperCase());
      return number === undefined ? null : errnoName(number);
    },
  },
  family: {
    what: "family",
    names: FAMILIES,
    canonical: (name) => FAMILIES.find((family) => family.toLowerCase() === name.toLowerCase()) ?? null,
  },
};

/** True for a field whose values are known beforehand. */
export function isNamedField(field: string): field is NamedField {
  return Object.hasOwn(NAME_LISTS, field);
}

/** The hint for an unknown name; `otherwise` when no name is near. */
export function suggestName(name: string, fields: readonly NamedField[], otherwise: string): string {
  const near = nearest(name, fields.flatMap((field) => NAME_LISTS[field].names));
  return near === null ? otherwise : `Did you mean \`${near}\`?`;
}
