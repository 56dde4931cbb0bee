import { readTextFile } from "../../run/read_text_file.ts";
import { IorError } from "../../../runtime/errors.ts";

/** Fewest and most characters of a token: shorter ones are guessed, longer ones are no token. */
const TOKEN_CHARACTERS = { least: 16, most: 4096 };

/** Rights of everybody on a file. */
const OTHERS = 0o007;

/**
 * The token in a file: what is in it without the line feed at its end.
 *
 * @throws {IorError} `usage` when it cannot be read, is open to others, or holds no token.
 */
export async function readToken(path: string): Promise<string> {
  const text = await readTextFile(path, "a file that holds a token");
  const { mode } = await Deno.stat(path);
  if (mode !== null && (mode & OTHERS) !== 0) {
    throw new IorError(
      "usage",
      `Cannot use the token in ${path}: everybody on this machine may use the file`,
      {
        hint: `chmod 600 ${path}`,
      },
    );
  }
  const token = text.replace(/\r?\n$/, "");
  const { least, most } = TOKEN_CHARACTERS;
  if (/^[!-~]+$/.test(token) && token.length >= least && token.length <= most) return token;
  throw new IorError(
    "usage",
    `Cannot use the token in ${path}: it must be one word of ${least} to ${most} ASCII characters`,
    { hint: `head -c 32 /dev/urandom | base64 > ${path}` },
  );
}

/** True when an `Authorization` header carries the token. The time that it takes says nothing of the token but its length. */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const given = /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  let difference = given.length ^ token.length;
  for (let i = 0; i < token.length; i++) difference |= token.charCodeAt(i) ^ (given.charCodeAt(i) || 0);
  return difference === 0;
}
