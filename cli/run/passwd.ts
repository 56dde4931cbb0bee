/** The passwd file's text; empty where there is none. */
export function readPasswd(): string {
  return readOrEmpty("/etc/passwd");
}

/** The group file's text; empty where there is none. */
export function readGroups(): string {
  return readOrEmpty("/etc/group");
}

function readOrEmpty(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
