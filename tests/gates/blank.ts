/** What {@linkcode blank} may leave of a source. */
export interface BlankOptions {
  /** Also blank what stands inside strings and templates, but not the expressions of a template. */
  strings: boolean;
}

/** After one of these, a slash begins a regular expression and not a division. */
const BEFORE_REGEX = /(?:[(,=:[!&|?{};+*%~^<>-]|\b(?:return|typeof|case|in|of|do|else|await|yield|void))\s*$/;

/**
 * TypeScript source with comments (and, if asked, the contents of strings) turned into spaces, so that a search
 * finds code only. Line breaks stay, so that lines keep their numbers. It knows tokens, not grammar: enough for the gates.
 */
export function blank(source: string, { strings }: BlankOptions): string {
  let out = "";
  let at = 0;
  /** Open braces inside each template expression being read. */
  const templates: number[] = [];

  const keep = (end: number) => {
    out += source.slice(at, end);
    at = end;
  };
  const erase = (end: number) => {
    out += source.slice(at, end).replace(/[^\n]/g, " ");
    at = end;
  };
  const text = (end: number) => strings ? erase(end) : keep(end);
  const endOf = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source) ? pattern.lastIndex : source.length;
  };
  const templateText = () => {
    text(endOf(/(?:\\[^]|[^\\`$]|\$(?!\{))*/y));
    if (source.startsWith("${", at)) {
      keep(at + 2);
      templates.push(0);
    } else keep(at + 1);
  };

  while (at < source.length) {
    const char = source[at];
    if (source.startsWith("//", at)) erase(endOf(/[^\n]*/y));
    else if (source.startsWith("/*", at)) erase(endOf(/\*\//g));
    else if (char === '"' || char === "'") {
      keep(at + 1);
      text(endOf(char === '"' ? /(?:\\[^]|[^\\"\n])*/y : /(?:\\[^]|[^\\'\n])*/y));
      keep(at + 1);
    } else if (char === "`") {
      keep(at + 1);
      templateText();
    } else if (char === "/" && (out.trim() === "" || BEFORE_REGEX.test(out.slice(-40)))) {
      text(endOf(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/?[a-z]*/y));
    } else if (char === "}" && templates.at(-1) === 0) {
      templates.pop();
      keep(at + 1);
      templateText();
    } else {
      if (templates.length > 0) {
        if (char === "{") templates[templates.length - 1]++;
        if (char === "}") templates[templates.length - 1]--;
      }
      keep(at + 1);
    }
  }
  return out;
}
