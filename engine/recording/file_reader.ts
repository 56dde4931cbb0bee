import { notReadable } from "./read_errors.ts";

/** Reads parts of a file. */
export class FileReader implements Disposable {
  readonly path: string;
  readonly size: number;
  readonly #file: Deno.FsFile;

  private constructor(path: string, size: number, file: Deno.FsFile) {
    this.path = path;
    this.size = size;
    this.#file = file;
  }

  /** Opens a file. Throws an `IorError` when that fails. */
  static open(path: string): FileReader {
    try {
      const { isFile, isDirectory, size } = Deno.statSync(path);
      if (!isFile) throw new TypeError(isDirectory ? "it is a directory" : "it is not a regular file");
      return new FileReader(path, size, Deno.openSync(path));
    } catch (error) {
      throw notReadable(path, error);
    }
  }

  /** The bytes from `at` on, fewer than `length` only where the file ends. Throws an `IorError` when it cannot be read. */
  async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.min(length, Math.max(0, this.size - at)));
    let filled = 0;
    try {
      await this.#file.seek(at, Deno.SeekMode.Start);
      while (filled < bytes.length) {
        const count = await this.#file.read(bytes.subarray(filled));
        if (count === null) break; // it was truncated meanwhile
        filled += count;
      }
    } catch (error) {
      throw notReadable(this.path, error);
    }
    return bytes.subarray(0, filled);
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}
