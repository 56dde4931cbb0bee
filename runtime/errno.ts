/** Names by number, five to a line, from 1 on; `null` where Linux has none. The same on x86-64 and arm64. */
// deno-fmt-ignore
const NAMES: readonly (string | null)[] = [
  "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO",
  "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD",
  "EAGAIN", "ENOMEM", "EACCES", "EFAULT", "ENOTBLK",
  "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR",
  "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY",
  "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS",
  "EMLINK", "EPIPE", "EDOM", "ERANGE", "EDEADLK",
  "ENAMETOOLONG", "ENOLCK", "ENOSYS", "ENOTEMPTY", "ELOOP",
  null, "ENOMSG", "EIDRM", "ECHRNG", "EL2NSYNC",
  "EL3HLT", "EL3RST", "ELNRNG", "EUNATCH", "ENOCSI",
  "EL2HLT", "EBADE", "EBADR", "EXFULL", "ENOANO",
  "EBADRQC", "EBADSLT", null, "EBFONT", "ENOSTR",
  "ENODATA", "ETIME", "ENOSR", "ENONET", "ENOPKG",
  "EREMOTE", "ENOLINK", "EADV", "ESRMNT", "ECOMM",
  "EPROTO", "EMULTIHOP", "EDOTDOT", "EBADMSG", "EOVERFLOW",
  "ENOTUNIQ", "EBADFD", "EREMCHG", "ELIBACC", "ELIBBAD",
  "ELIBSCN", "ELIBMAX", "ELIBEXEC", "EILSEQ", "ERESTART",
  "ESTRPIPE", "EUSERS", "ENOTSOCK", "EDESTADDRREQ", "EMSGSIZE",
  "EPROTOTYPE", "ENOPROTOOPT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "EOPNOTSUPP",
  "EPFNOSUPPORT", "EAFNOSUPPORT", "EADDRINUSE", "EADDRNOTAVAIL", "ENETDOWN",
  "ENETUNREACH", "ENETRESET", "ECONNABORTED", "ECONNRESET", "ENOBUFS",
  "EISCONN", "ENOTCONN", "ESHUTDOWN", "ETOOMANYREFS", "ETIMEDOUT",
  "ECONNREFUSED", "EHOSTDOWN", "EHOSTUNREACH", "EALREADY", "EINPROGRESS",
  "ESTALE", "EUCLEAN", "ENOTNAM", "ENAVAIL", "EISNAM",
  "EREMOTEIO", "EDQUOT", "ENOMEDIUM", "EMEDIUMTYPE", "ECANCELED",
  "ENOKEY", "EKEYEXPIRED", "EKEYREVOKED", "EKEYREJECTED", "EOWNERDEAD",
  "ENOTRECOVERABLE", "ERFKILL", "EHWPOISON",
];

/** Every name, by number. */
export const ERRNO_NAMES: readonly string[] = NAMES.filter((name) => name !== null);

/** Second names of numbers that have another one already. */
const SECOND_NAMES: Readonly<Record<string, string>> = {
  EWOULDBLOCK: "EAGAIN",
  EDEADLOCK: "EDEADLK",
  ENOTSUP: "EOPNOTSUPP",
};

/** Internal to the kernel and not part of the user API, yet drivers and file systems let it slip out. */
const ENOTSUPP = 524;

const NUMBERS = new Map<string, number>([["ENOTSUPP", ENOTSUPP]]);
for (const [index, name] of NAMES.entries()) if (name !== null) NUMBERS.set(name, index + 1);
for (const [second, first] of Object.entries(SECOND_NAMES)) NUMBERS.set(second, NUMBERS.get(first)!);

/** The largest error number: errors are the return values from -4095 on, see `IS_ERR_VALUE` in the kernel's include/linux/err.h. */
export const MAX_ERRNO = 4095;

/**
 * The name of an error number, given as a positive number: `errnoName(2)` is `"ENOENT"`. A number without a name is
 * spelled out: `"E1000"`.
 */
export function errnoName(errno: number): string {
  return NAMES[errno - 1] ?? (errno === ENOTSUPP ? "ENOTSUPP" : `E${errno}`);
}

/**
 * The positive number of an error name, `undefined` for an unknown name. Second names (`EWOULDBLOCK`) and what
 * {@linkcode errnoName} returns for numbers without a name (`E1000`) are accepted. Case matters.
 */
export function errnoNumber(name: string): number | undefined {
  const known = NUMBERS.get(name);
  if (known !== undefined) return known;
  const number = Number(/^E([1-9]\d*)$/.exec(name)?.[1]);
  return number <= MAX_ERRNO && errnoName(number) === name ? number : undefined;
}
