/** The user behind `sudo`, whom the traced command and the files ior writes belong to. */
export interface CallingUser {
  /** User number. */
  uid: number;
  /** Primary group number, as sudo gives it. */
  gid: number;
  /** Login name; the number as text when the user has no name. */
  name: string;
  /** Home directory, `null` when the user has no entry in the passwd file. */
  home: string | null;
}

/**
 * The user that called ior through sudo; `null` when ior runs as itself.
 *
 * @param environment Variables of ior's process.
 * @param uid The user ior runs as.
 * @param passwd Text of the passwd file (`man 5 passwd`).
 */
export function callingUser(
  environment: Readonly<Record<string, string>>,
  uid: number | null,
  passwd: string,
): CallingUser | null {
  const { SUDO_UID, SUDO_GID, SUDO_USER } = environment;
  if (uid !== 0 || !isNumber(SUDO_UID) || !isNumber(SUDO_GID) || Number(SUDO_UID) === 0) return null;
  const entry = passwd.split("\n").map((line) => line.split(":")).find((fields) => fields[2] === SUDO_UID);
  return {
    uid: Number(SUDO_UID),
    gid: Number(SUDO_GID),
    name: entry?.[0] ?? SUDO_USER ?? SUDO_UID,
    home: entry?.[5] ?? null,
  };
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}

/** The environment of a command that runs as the calling user: its home and name are that user's again. */
export function environmentOf(
  user: CallingUser | null,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = { ...environment };
  // The launcher keeps ior's packages apart from the user's and leaves what was set before.
  if ("IOR_CALLER_DENO_DIR" in own) {
    if (own.IOR_CALLER_DENO_DIR === "") delete own.DENO_DIR;
    else own.DENO_DIR = own.IOR_CALLER_DENO_DIR;
    delete own.IOR_CALLER_DENO_DIR;
  }
  if (user) {
    own.USER = own.LOGNAME = user.name;
    if (user.home !== null) own.HOME = user.home;
  }
  return own;
}
