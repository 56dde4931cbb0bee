import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Bytes of the heap that are in use, without garbage: when that is collected otherwise is the runtime's choice. */
export function heapInUse(): number {
  collect();
  return Deno.memoryUsage().heapUsed;
}
