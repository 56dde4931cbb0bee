/** What kind of failure an {@linkcode IorError} reports; it decides the exit status. */
export type IorErrorCode =
  /** An option, value or argument is wrong. Exit status 2. */
  | "usage"
  /** A privilege is missing. */
  | "privilege"
  /** The kernel or a library lacks something ior needs. */
  | "unsupported"
  /** The command could not be found. Exit status 127. */
  | "command_not_found"
  /** The command was found and could not be executed. Exit status 126. */
  | "command_not_executable"
  /** Anything else that went wrong while running. */
  | "runtime";

/** What exactly failed, for errors to which `cli` adds a hint that names its options. */
export type IorErrorReason =
  /** The kernel does not make a ring of this size. */
  | "ring_refused"
  /** The kernel's verifier refuses the programs. */
  | "programs_refused"
  /** The process number is that of a thread. */
  | "thread_number"
  /** The kernel object belongs to another version. */
  | "object_differs";

/** A place in a text that the user gave. */
export interface Excerpt {
  /** The whole text. */
  text: string;
  /** Where the mistake is: a UTF-16 unit of the text, from 1; one beyond the last for its end. */
  column: number;
}

/** Optional parts of an {@linkcode IorError}. */
export interface IorErrorOptions {
  /** Where in the user's text the mistake is. */
  excerpt?: Excerpt;
  /** What the user can do next, as one plain sentence without a full stop. */
  hint?: string;
  /** What exactly failed. */
  reason?: IorErrorReason;
  /** Longer text shown on request (`-v`), for instance the verifier's log. */
  detail?: string;
  /** The error that led to this one. */
  cause?: unknown;
}

/** An error a user can meet: what failed, the value found and wanted, and what to do next. */
export class IorError extends Error {
  /** Always `IorError`. */
  override readonly name = "IorError";
  /** What kind of failure it is. */
  readonly code: IorErrorCode;
  /** As in {@linkcode IorErrorOptions}. */
  readonly excerpt?: Excerpt;
  /** As in {@linkcode IorErrorOptions}. */
  readonly hint?: string;
  /** As in {@linkcode IorErrorOptions}. */
  readonly reason?: IorErrorReason;
  /** As in {@linkcode IorErrorOptions}. */
  readonly detail?: string;

  /** `message` says what failed, the value found and the value wanted: upper-case start, no full stop. */
  constructor(code: IorErrorCode, message: string, options: IorErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.excerpt = options.excerpt;
    this.hint = options.hint;
    this.reason = options.reason;
    this.detail = options.detail;
  }
}

/** An {@linkcode IorError} as plain data, for messages between workers (class instances lose their prototype). */
export interface ErrorData {
  /** As in {@linkcode IorError}; `runtime` for any other error. */
  code: IorErrorCode;
  /** As in {@linkcode IorError}, or that of whatever was thrown. */
  message: string;
  /** Where in the user's text the mistake is. */
  excerpt?: Excerpt;
  /** What the user can do next. */
  hint?: string;
  /** What exactly failed. */
  reason?: IorErrorReason;
  /** Longer text for `-v`; the stack of an error that is not an {@linkcode IorError}. */
  detail?: string;
}

/** Turns anything thrown into plain data. */
export function errorToData(error: unknown): ErrorData {
  if (error instanceof IorError) {
    const { code, message, excerpt, hint, reason, detail } = error;
    return { code, message, excerpt, hint, reason, detail };
  }
  if (error instanceof Error) return { code: "runtime", message: error.message, detail: error.stack };
  return { code: "runtime", message: String(error) };
}

/** Rebuilds the error that {@linkcode errorToData} described. */
export function errorFromData(data: ErrorData): IorError {
  const { code, message, excerpt, hint, reason, detail } = data;
  return new IorError(code, message, { excerpt, hint, reason, detail });
}
