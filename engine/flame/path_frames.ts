import { directoryOf, RELATIVE } from "../stats/directories.ts";

/**
 * Maximum number of frames of a path; deeper parts share one frame. Real trees are at most about 40 deep, but a path may have
 * 2,048 parts: a single one must not use up the nodes of the trie or the stack of a recursive reader.
 */
export const MAX_PATH_FRAMES = 128;

/**
 * The frames of a path: its parts, the first of an absolute path with the slash before it, so that joined by slashes they
 * make the path. A name that the kernel or ior made up for a file without one (`pipe:[7]`, `TCP:[…]`, `/memfd:x`) is one frame, and so
 * is `/`. An empty path has no frame.
 */
export function pathFrames(path: string): string[] {
  const directory = directoryOf(path);
  const absolute = directory.startsWith("/");
  if (!absolute && directory !== RELATIVE) return [path];
  const parts = path.split("/");
  if (absolute) parts.shift();
  const frames = parts.includes("") ? parts.filter((part) => part !== "") : parts;
  if (absolute) frames[0] = `/${frames[0] ?? ""}`;
  if (frames.length <= MAX_PATH_FRAMES) return frames;
  return [...frames.slice(0, MAX_PATH_FRAMES - 1), frames.slice(MAX_PATH_FRAMES - 1).join("/")];
}
