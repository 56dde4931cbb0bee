import { basename, dirname, join } from "node:path";
import type { RecordingTarget } from "../../runtime/recording.ts";
import { cannotMake, type FileOwner, linkTarget, makeDirectory, PartFile } from "./part_file.ts";
import { ParquetWriter } from "../parquet/write_file.ts";
import { RECORDING_COLUMNS } from "./columns.ts";
import { partitionFolder, segmentName } from "./segment_names.ts";

/** A file of a recording that has begun. */
export interface RecordingFile {
  /** The rows in it. */
  rows: ParquetWriter;
  /** The file they go to. */
  part: PartFile;
  /** Its name when it is complete. */
  path: string;
}

/** Where the files of a recording come from: one that is there from the start, or a segment when it is asked for. */
export interface RecordingFiles {
  /** The next file. Throws when it cannot be made. `index` counts from 1. */
  next(host: string, run: string, index: number, firstWallNs: bigint): RecordingFile;
  /** Removes what nobody has asked for. */
  close(): void;
}

/**
 * Opens the place that a recording goes to.
 *
 * @throws {IorError} `usage` when it cannot be written to: before anything is traced.
 */
export function openTarget(target: RecordingTarget, owner: FileOwner | null): RecordingFiles {
  return target.kind === "file" ? new SingleFile(target.path, owner) : new SegmentFiles(target.path, owner);
}

/** One file, made at once, so that a bad name is known at once. */
class SingleFile implements RecordingFiles {
  readonly #path: string;
  readonly #part: PartFile;
  #given = false;

  constructor(path: string, owner: FileOwner | null) {
    this.#path = linkTarget(path);
    this.#part = PartFile.open(this.#path, `${this.#path}.${Deno.pid}.part`, owner);
  }

  next(): RecordingFile {
    this.#given = true;
    return begin(this.#part, this.#path);
  }

  close(): void {
    if (!this.#given) this.#part.discard();
  }
}

/** A directory of segments. The names of those that are not complete begin with a dot, which readers pass over. */
class SegmentFiles implements RecordingFiles {
  readonly #directory: string;
  readonly #owner: FileOwner | null;

  constructor(directory: string, owner: FileOwner | null) {
    this.#directory = directory;
    this.#owner = owner;
    try {
      makeDirectory(directory, owner);
      const probe = join(directory, `.ior-${Deno.pid}.part`);
      Deno.openSync(probe, { write: true, createNew: true }).close();
      Deno.removeSync(probe);
    } catch (error) {
      throw cannotMake(directory, error);
    }
  }

  next(host: string, run: string, index: number, firstWallNs: bigint): RecordingFile {
    const path = join(this.#directory, partitionFolder(host, firstWallNs), segmentName(run, index));
    try {
      makeDirectory(dirname(path), this.#owner);
    } catch (error) {
      throw cannotMake(path, error);
    }
    const part = PartFile.open(path, join(dirname(path), `.${basename(path)}.part`), this.#owner);
    return begin(part, path);
  }

  close(): void {}
}

/** Begins a file; it is gone when that fails. */
function begin(part: PartFile, path: string): RecordingFile {
  try {
    return { rows: new ParquetWriter(part, RECORDING_COLUMNS), part, path };
  } catch (error) {
    part.discard();
    throw error;
  }
}
