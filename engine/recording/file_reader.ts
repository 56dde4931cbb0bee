import { openNamed } from "../files/named.ts";
import { filesToRead, type ReadFiles } from "../files/plain_files.ts";
import { notReadable } from "./read_errors.ts";

/** Reads parts of a file. */
export class FileReader implements Disposable {
  readonly path: string;
  readonly size: number;
  readonly #files: ReadFiles;
  readonly #fd: number;

  private constructor(path: string, size: number, files: ReadFiles, fd: number) {
    this.path = path;
    this.size = size;
    this.#files = files;
    this.#fd = fd;
  }

  /** Opens a file. Throws an `IorError` when that fails. */
  static open(path: string): FileReader {
    const files = filesToRead();
    try {
      const place = openNamed(files, path);
      try {
        const { kind, size } = files.status(place);
        if (kind !== "file") {
          throw new TypeError(kind === "directory" ? "it is a directory" : "it is not a regular file");
        }
        return new FileReader(path, size, files, files.openPlaceToRead(place));
      } finally {
        files.close(place);
      }
    } catch (error) {
      throw notReadable(path, error);
    }
  }

  /** The bytes from `at` on, fewer than `length` only where the file ends. Throws an `IorError` when it cannot be read. */
  async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.min(length, Math.max(0, this.size - at)));
    let filled = 0;
    try {
      while (filled < bytes.length) {
        const count = await this.#files.readAt(this.#fd, bytes.subarray(filled), at + filled);
        if (count === 0) break; // it was truncated meanwhile
        filled += count;
      }
    } catch (error) {
      throw notReadable(this.path, error);
    }
    return bytes.subarray(0, filled);
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#files.close(this.#fd);
  }
}
