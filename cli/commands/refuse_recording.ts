import { IorError } from "../../runtime/errors.ts";

/** Refuses a recording given as a program; `reader` is the command that reads it. */
export function refuseRecording(program: readonly string[] | null, reader: string): void {
  const name = program?.[0] ?? "";
  if (!/\.(parquet|ndjson(\.(gz|zst))?)$/.test(name)) return;
  throw new IorError("usage", `Cannot run ${name}: it is a recording`, {
    hint: `To read it: ior ${reader} ${name}`,
  });
}
