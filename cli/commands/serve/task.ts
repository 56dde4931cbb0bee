import type { RecordTarget } from "../../options/recording.ts";
import type { RunOptions } from "../../options/select.ts";
import type { ListenAddress } from "../../options/serve_options.ts";

/** What `ior serve` is asked to do. */
export interface ServeCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "serve";
  listen: ListenAddress;
  /** File of the token that requests must carry, `null` for none. */
  tokenFile: string | null;
  /** Where metrics are sent, `null` for nowhere. */
  otlp: { url: string; intervalNs: number } | null;
  /** Recording to write in the same run. */
  record: RecordTarget | null;
}
