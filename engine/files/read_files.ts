import { Files } from "../../bpf/ffi/files.ts";
import { mayCallLibc } from "../launch/own_start.ts";
import { PlainFiles, type ReadFiles } from "./plain_files.ts";

let plain: PlainFiles | null = null;

/** Files to read: by libc where this process may call it, else by the runtime. */
export function filesToRead(): ReadFiles {
  return mayCallLibc() ? Files.open() : plain ??= new PlainFiles();
}
