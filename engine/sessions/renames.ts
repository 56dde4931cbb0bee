/** Renames that are remembered: a file is used under its new name soon, or its old name is taken by another. */
const MOST_RENAMES = 1024;

/** Names of one file that are tried: directories above it are renamed too, back and forth. */
const MOST_NAMES = 32;

/** The renames that were seen last: an open file has another name after one. */
export class Renames {
  /** By the new name. */
  readonly #oldPaths = new Map<string, string>();

  /** A file or a directory has got another name. */
  add(oldPath: string, newPath: string): void {
    this.#oldPaths.delete(newPath);
    if (this.#oldPaths.size >= MOST_RENAMES) this.#oldPaths.delete(this.#oldPaths.keys().next().value!);
    this.#oldPaths.set(newPath, oldPath);
  }

  /** The name of a file, and those that it may have had before. */
  namesOf(path: string): ReadonlySet<string> {
    const names = new Set([path]);
    if (this.#oldPaths.size === 0) return names;
    for (const name of names) {
      // Its own rename, and those of the directories above it.
      for (let end = name.length; end > 0 && names.size < MOST_NAMES; end = name.lastIndexOf("/", end - 1)) {
        const oldPath = this.#oldPaths.get(name.slice(0, end));
        if (oldPath !== undefined) names.add(oldPath + name.slice(end));
      }
    }
    return names;
  }
}
