import { Files, type FileUser } from "../../bpf/ffi/files.ts";
import type { RecordingTarget } from "../../runtime/recording.ts";
import { partOwner, removeOwnParts } from "../files/part_names.ts";
import { findPlace, openDirectory } from "../files/place.ts";
import { segmentPartOwner } from "./segment_names.ts";

/** Maximum number of folders searched for parts: hosts, and the days of ten years. */
const MOST_FOLDERS = 4000;

/**
 * Removes the incomplete files of this process's recording, before it exits early. May run on the main thread while the
 * worker writes. Never throws.
 */
export function abandonTarget(target: RecordingTarget, owner: FileUser | null): void {
  const files = Files.open();
  const { uid } = owner ?? files.user;
  try {
    files.as(owner, () => {
      if (target.kind === "directory") return abandonSegments(files, target.path, uid);
      using place = findPlace(files, target.path, uid);
      removeOwnParts(files, place.directory, (part) => partOwner(place.name, part));
    });
  } catch {
    // It is gone or no longer writable.
  }
}

/** The same for all folders of a directory of segments: only the worker knows which one is being written. */
function abandonSegments(files: Files, path: string, uid: number): void {
  const visit = (directory: number, depth: number) => {
    removeOwnParts(files, directory, segmentPartOwner);
    if (depth === 0) return;
    for (const name of files.names(directory, MOST_FOLDERS).filter((name) => /^(host|date)=/.test(name))) {
      const folder = openDirectory(files, name, uid, { noLinks: true, from: directory });
      visit(folder, depth - 1);
      files.close(folder);
    }
  };
  visit(openDirectory(files, path, uid), 2);
}
