/** What page faults read of mapped files, outside of any call. */

/** What the page faults of a process read of a file. */
export interface MappedFile {
  /** Process (thread group) number. */
  pid: number;
  /** Thread name. */
  comm: string;
  /** The file, absolute. */
  path: string;
  /** Its exact bytes, only where they are not UTF-8. */
  raw?: Uint8Array;
  /** Bytes of pages that were brought into the page cache. */
  mappedBytes: number;
  /** Major faults, those that waited for I/O; 0 where they are not counted. */
  majorFaults: number;
  /** Time in them, nanoseconds. */
  faultNs: number;
}

/** Mapped I/O of a trace. */
export interface MappedIo {
  /** By process and file, most bytes first. */
  files: MappedFile[];
  /** What is known of no file: there was no room for it, or the address space was being changed by another thread. */
  missed: Pick<MappedFile, "mappedBytes" | "majorFaults" | "faultNs">;
  /** Whether major faults are counted. */
  countsMajor: boolean;
}
