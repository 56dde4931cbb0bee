/** Names of single frames. */
import { type FlameShape, ROOT } from "./profile_builder.ts";

/** Name of the root, the frame that contains all others. */
export const ROOT_NAME = "all";

/** Shown instead of an empty or blank name, which would be invisible. */
const BLANK_NAME = "(blank)";

/** Display name of a frame, not escaped. */
export function frameName({ name, names }: FlameShape, node: number): string {
  if (node === ROOT) return ROOT_NAME;
  const text = names[name[node]];
  return /^ *$/.test(text) ? BLANK_NAME : text;
}

/** Full name of a frame: a part of a path includes the parts before it. */
export function fullFrameName(shape: FlameShape, node: number): string {
  const parts = [frameName(shape, node)];
  for (let at = node; isPathPart(shape, at) && isPathPart(shape, shape.parent[at]);) {
    at = shape.parent[at];
    parts.push(frameName(shape, at));
  }
  return parts.reverse().reduce(joinPath);
}

/** Joins two parts of a path. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** True for a frame that is a part of a path. */
export function isPathPart({ fields, field }: FlameShape, node: number): boolean {
  return node !== ROOT && fields[field[node]] === "path";
}
