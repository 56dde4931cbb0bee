/** What `ior probes` is asked to do. */
export interface ProbesCommand {
  /** Tells the commands apart. */
  kind: "probes";
  /** Names of the calls to list. */
  syscalls: readonly string[];
  /** As a JSON document. */
  json: boolean;
}
