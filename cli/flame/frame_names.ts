/** What a frame is called where it stands alone. */
import { type FlameShape, ROOT } from "./profile_builder.ts";

/** Name of the root, the frame of everything. */
export const ROOT_NAME = "all";

/** What stands for a name of nothing or of spaces, which nobody would see. */
const BLANK_NAME = "(blank)";

/** Name of a frame to be shown, not escaped. */
export function frameName({ name, names }: FlameShape, node: number): string {
  if (node === ROOT) return ROOT_NAME;
  const text = names[name[node]];
  return /^ *$/.test(text) ? BLANK_NAME : text;
}

/** Name of a frame with what it takes to know it: a part of a path comes with the parts before it. */
export function fullFrameName(shape: FlameShape, node: number): string {
  const parts = [frameName(shape, node)];
  for (let at = node; isPathPart(shape, at) && isPathPart(shape, shape.parent[at]);) {
    at = shape.parent[at];
    parts.push(frameName(shape, at));
  }
  return parts.reverse().reduce(joinPath);
}

/** Two parts of a path as one. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** Whether a frame is a part of a path. */
export function isPathPart({ fields, field }: FlameShape, node: number): boolean {
  return node !== ROOT && fields[field[node]] === "path";
}
