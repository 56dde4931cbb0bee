import { Files } from "../../../bpf/ffi/files.ts";

/** Until disposed of, this thread makes files as on a file system that has none without a name. */
export function onlyNamedFiles(): Disposable {
  const files = Files.open();
  files.createUnnamed = () => null;
  return { [Symbol.dispose]: () => void delete (files as Partial<Files>).createUnnamed };
}
