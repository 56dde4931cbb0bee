/** Resolves the names of files in a filter: relative names and symbolic links. */
import { directlyIn, type Expression, type TextComparison } from "../expression/mod.ts";
import type { Filter } from "./filter.ts";

/** Looks up names on this machine. */
export interface NameLookup {
  /** The working directory, absolute; called only for relative names. `null` when there is none: names stay as given. */
  directory(): string | null;
  /** The path without symbolic links, `null` when the file does not exist or is not accessible. */
  realPath(path: string): string | null;
}

/** A name that resolved to another one. */
export interface ResolvedName {
  name: string;
  realName: string;
}

/**
 * Makes relative names of the conditions on paths absolute (`./x`, `../x`), and adds the resolved
 * name beside each one that leads through a symbolic link. Returns the names it resolved, each once. Regular expressions
 * stay unchanged.
 */
export function resolvePathNames(
  filter: Filter,
  lookup: NameLookup,
): { filter: Filter; resolved: ResolvedName[] } {
  const resolved = new Map<string, string>();
  const where = filter.where && resolve(filter.where);
  return {
    filter: { ...filter, where },
    resolved: [...resolved].map(([name, realName]) => ({ name, realName })),
  };

  function resolve(expression: Expression): Expression {
    switch (expression.kind) {
      case "and":
      case "or":
        return { ...expression, terms: expression.terms.map(resolve) };
      case "not":
        return { ...expression, term: resolve(expression.term) };
      case "text":
        return expression.field === "path" && expression.operator !== "=~"
          ? resolveTexts(expression)
          : expression;
      default:
        return expression;
    }
  }

  function resolveTexts(comparison: TextComparison): TextComparison {
    const values = comparison.values.flatMap((value) => {
      const parts = partsOf(value, comparison.operator === "~");
      const name = absoluteName(parts.name, lookup);
      const own = name === parts.name ? value : withName(parts, name);
      if (!name.startsWith("/") || name === "/") return [own];
      const realName = lookup.realPath(name);
      if (realName === null || realName === name) return [own];
      resolved.set(name, realName);
      return [own, withName(parts, realName)];
    });
    return { ...comparison, values: [...new Set(values)] };
  }
}

/** A pattern as a name on disk and the text around it. */
interface NameParts {
  before: string;
  name: string;
  after: string;
  isPattern: boolean;
}

/** Splits a pattern: up to the last slash before its first wildcard it is a directory; without wildcards it is a name. */
function partsOf(value: string, isPattern: boolean): NameParts {
  if (!isPattern) return { before: "", name: value, after: "", isPattern };
  const before = value.startsWith("^") ? "^" : "";
  const directory = directlyIn(value);
  if (directory !== null) return { before, ...cut(directory.length), isPattern };
  const wildcard = value.search(/[*?[\\]/);
  if (wildcard >= 0) {
    return { before, ...cut(value.lastIndexOf("/", wildcard) + 1 - before.length), isPattern };
  }
  const end = value.endsWith("$") ? 1 : 0;
  return { before, ...cut(value.length - before.length - end), isPattern };

  /** Splits the name after `length` characters; a slash at the end goes with what follows. */
  function cut(length: number): { name: string; after: string } {
    const body = value.slice(before.length);
    const whole = body.slice(0, length);
    const name = whole.length > 1 ? whole.replace(/\/+$/, "") : whole;
    return { name, after: body.slice(name.length) };
  }
}

function withName({ before, after, isPattern }: NameParts, name: string): string {
  const joined = name === "/" && after.startsWith("/") ? "" : name;
  if (!isPattern || !/[*?[\\]/.test(joined)) return before + joined + after;
  // The name of the directory contains glob characters: escape them, in a glob that means the same as the pattern.
  const escaped = joined.replace(/[*?[\]\\]/g, "\\$&");
  if (/[*?[]/.test(after)) return escaped + after;
  return after.endsWith("$") ? escaped + after.slice(0, -1) : `${escaped}${after}**`;
}

/** Makes a name that is or begins with `.` or `..` absolute; other names stay unchanged. */
function absoluteName(name: string, lookup: NameLookup): string {
  const directory = /^\.\.?(\/|$)/.test(name) ? lookup.directory() : null;
  if (directory === null) return name;
  const parts: string[] = [];
  for (const part of `${directory}/${name}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
