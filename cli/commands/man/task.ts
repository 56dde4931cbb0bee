/** What `ior man` is asked to do. */
export interface ManCommand {
  /** Tells the commands apart. */
  kind: "man";
  /** Name of the page: `ior`, a command or a topic. */
  page: string;
}
