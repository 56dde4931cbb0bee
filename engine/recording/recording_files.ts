import { Files, type FileUser } from "../../bpf/ffi/files.ts";
import type { RecordingTarget } from "../../runtime/recording.ts";
import { openPartFile } from "../files/open_file.ts";
import { cannotMake, PartFile } from "../files/part_file.ts";
import { clearParts } from "../files/part_names.ts";
import { openDirectory } from "../files/place.ts";
import { ParquetWriter } from "../parquet/write_file.ts";
import { RECORDING_COLUMNS } from "./columns.ts";
import {
  hostFolder,
  isSegmentName,
  partitionFolder,
  segmentName,
  segmentPart,
  segmentPartOwner,
} from "./segment_names.ts";

/** Most names that are read of a folder: days, or the segments of a day. */
const MOST_NAMES = 1_000_000;

/** A file of a recording that has begun. */
export interface RecordingFile {
  /** The rows in it. */
  rows: ParquetWriter;
  /** The file they go to. */
  part: PartFile;
  /** Its name once complete. */
  path: string;
}

/** A segment that has its name. */
export interface Segment {
  path: string;
  bytes: number;
}

/** Source of the files of a recording: one file that exists from the start, or segments on demand. */
export interface RecordingFiles {
  /** The next file. Throws when it cannot be made. `index` counts from 1. */
  next(host: string, run: string, index: number, firstWallNs: bigint): RecordingFile;
  /** The segments of a host that are there, oldest run first. */
  earlier(host: string): Segment[];
  /** Removes a segment, if it is still there. */
  remove(path: string): void;
  /** Removes a file that was never asked for. */
  close(): void;
}

/**
 * Opens the place that a recording goes to.
 *
 * @throws {IorError} `usage` when it cannot be written to, before anything is traced.
 */
export function openTarget(target: RecordingTarget, owner: FileUser | null): RecordingFiles {
  return target.kind === "file" ? new SingleFile(target.path, owner) : new SegmentFiles(target.path, owner);
}

/** One file, created at once, so that a bad name is reported at once. */
class SingleFile implements RecordingFiles {
  readonly #path: string;
  readonly #part: PartFile;
  #given = false;

  constructor(path: string, owner: FileUser | null) {
    this.#path = path;
    this.#part = openPartFile(path, owner);
  }

  next(): RecordingFile {
    this.#given = true;
    return begin(this.#part, this.#path);
  }

  earlier(): Segment[] {
    return [];
  }

  remove(): void {}

  close(): void {
    if (!this.#given) this.#part.discard();
  }
}

/**
 * A directory of segments. The names of incomplete ones begin with a dot, which readers skip. The name of the directory may
 * lead through links; below it none is followed, so that no segment is written elsewhere.
 */
class SegmentFiles implements RecordingFiles {
  readonly #files = Files.open();
  readonly #root: string;
  readonly #owner: FileUser | null;
  readonly #uid: number;
  /** Folders already cleared of the parts of dead processes. */
  readonly #cleared = new Set<string>();

  constructor(root: string, owner: FileUser | null) {
    this.#root = root;
    this.#owner = owner;
    this.#uid = (owner ?? this.#files.user).uid;
    try {
      this.#in("", (directory) => {
        const probe = segmentPart(`ior-${Deno.pid}-0.parquet`);
        this.#files.close(this.#files.create(directory, probe, 0o600));
        this.#files.remove(directory, probe);
      });
    } catch (error) {
      throw cannotMake(root, error);
    }
  }

  next(host: string, run: string, index: number, firstWallNs: bigint): RecordingFile {
    const [folder, name] = [partitionFolder(host, firstWallNs), segmentName(run, index)];
    const path = `${this.#root.replace(/\/+$/, "")}/${folder}/${name}`;
    try {
      return this.#in(folder, (place) => {
        const directory = this.#files.duplicate(place);
        const target = { directory, name, part: segmentPart(name), replaced: null, path };
        return begin(new PartFile(this.#files, target, this.#owner), path);
      });
    } catch (error) {
      throw cannotMake(path, error);
    }
  }

  earlier(host: string): Segment[] {
    const found: Segment[] = [];
    const folder = hostFolder(host);
    const dates = this.#in(folder, (place) => this.#files.names(place, MOST_NAMES));
    for (const date of dates.filter((name) => name.startsWith("date="))) {
      this.#in(`${folder}/${date}`, (place) => {
        for (const name of this.#files.names(place, MOST_NAMES).filter(isSegmentName)) {
          const segment = this.#files.openPlace(place, name);
          const { size } = this.#files.status(segment);
          this.#files.close(segment);
          found.push({ path: `${this.#root.replace(/\/+$/, "")}/${folder}/${date}/${name}`, bytes: size });
        }
      });
    }
    const nameOf = ({ path }: Segment) => path.slice(path.lastIndexOf("/") + 1);
    return found.sort((a, b) => nameOf(a) < nameOf(b) ? -1 : 1);
  }

  remove(path: string): void {
    const [name, date, host] = path.split("/").reverse();
    try {
      this.#in(`${host}/${date}`, (directory) => this.#files.removeQuietly(directory, name));
    } catch {
      // Its folder has been moved away, perhaps to where recordings are collected.
    }
  }

  close(): void {}

  /** Does `work` in a folder of the directory, with the owner's rights; missing folders are created. */
  #in<Result>(folder: string, work: (directory: number) => Result): Result {
    return this.#files.as(this.#owner, () => {
      const root = openDirectory(this.#files, this.#root, this.#uid, { make: true });
      try {
        const steps = { make: true, noLinks: true, from: root };
        const directory = openDirectory(this.#files, folder, this.#uid, steps);
        try {
          if (!this.#cleared.has(folder)) {
            clearParts(this.#files, directory, this.#uid, segmentPartOwner);
            this.#cleared.add(folder);
          }
          return work(directory);
        } finally {
          this.#files.close(directory);
        }
      } finally {
        this.#files.close(root);
      }
    });
  }
}

/** Begins a file, and removes it when that fails. */
function begin(part: PartFile, path: string): RecordingFile {
  try {
    return { rows: new ParquetWriter(part, RECORDING_COLUMNS), part, path };
  } catch (error) {
    part.discard();
    throw error;
  }
}
