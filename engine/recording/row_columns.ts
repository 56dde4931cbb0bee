/** Rows of a recording as columns, in the form that every source of rows has in common. */

/** A column of few different values: `codes` of the rows choose from `values`; code 0 is no value. */
export interface CodedColumn<Value> {
  codes: Uint32Array;
  /** By code; the first is `null`. */
  values: (Value | null)[];
}

/** Exact values of 64 bits. */
export interface ExactColumn {
  /** Low and high word of each row. */
  words: Int32Array;
  /** 1 for each row that has a value. */
  present: Uint8Array;
}

/** Some rows in their order. Numbers are NaN where there is no value. */
export interface RowColumns {
  /** The file they are from. */
  source: string;
  length: number;
  seq: Float64Array;
  timeNs: Float64Array;
  pid: CodedColumn<number>;
  tid: CodedColumn<number>;
  comm: CodedColumn<string>;
  uid: CodedColumn<number>;
  processStartNs: CodedColumn<number>;
  syscall: CodedColumn<string>;
  fd: Float64Array;
  path: CodedColumn<string>;
  oldPath: CodedColumn<string>;
  pathRaw: CodedColumn<Uint8Array>;
  oldPathRaw: CodedColumn<Uint8Array>;
  pathError: CodedColumn<string>;
  ret: ExactColumn;
  bytes: Float64Array;
  latencyNs: Float64Array;
  gapNs: Float64Array;
  restarts: Float64Array;
  epoch: Float64Array;
}
