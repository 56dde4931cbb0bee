import { IorError, type IorErrorCode } from "../../runtime/errors.ts";
import { errnoName } from "../../runtime/errno.ts";

/** libbpf's own error codes (`enum libbpf_errno`), from 4000 on. */
const LIBBPF_ERRORS: Record<number, string> = {
  4000: "LIBBPF_ERRNO__LIBELF",
  4001: "LIBBPF_ERRNO__FORMAT",
  4002: "LIBBPF_ERRNO__KVERSION",
  4003: "LIBBPF_ERRNO__ENDIAN",
  4004: "LIBBPF_ERRNO__INTERNAL",
  4005: "LIBBPF_ERRNO__RELOC",
  4006: "LIBBPF_ERRNO__LOAD",
  4007: "LIBBPF_ERRNO__VERIFY",
  4008: "LIBBPF_ERRNO__PROG2BIG",
  4009: "LIBBPF_ERRNO__KVER",
  4010: "LIBBPF_ERRNO__PROGTYPE",
  4011: "LIBBPF_ERRNO__WRNGPID",
  4012: "LIBBPF_ERRNO__INVSEQ",
  4013: "LIBBPF_ERRNO__NLPARSE",
};

/** Name of a positive error number of libc or libbpf. */
export function errorNumberName(errno: number): string {
  return LIBBPF_ERRORS[errno] ?? errnoName(errno);
}

/** An error of a C function: the number is kept so that callers can choose a better message. */
export class FfiError extends IorError {
  /** Positive error number. */
  readonly errno: number;

  /** `action` is what was attempted, capitalized; the name of the error number follows it in the message. */
  constructor(action: string, errno: number, detail?: string, code: IorErrorCode = "runtime") {
    super(code, `${action}: ${errorNumberName(errno)}`, { detail });
    this.errno = errno;
  }
}

/**
 * Turns the result of a function that returns a negative error number into an exception; the one place where the
 * sign is flipped.
 *
 * @param result What the function returned.
 * @param action What was attempted, capitalized: "Cannot load the object".
 * @param log What libbpf printed meanwhile.
 * @returns The result when it is not negative.
 */
export function check(result: number, action: string, log?: string): number {
  if (result < 0) throw new FfiError(action, -result, log);
  return result;
}
