import { type CallingUser, callingUser } from "../../engine/mod.ts";
import { readPasswd } from "./passwd.ts";

/** The user behind `sudo`, to whom the command and the files belong; `null` without one. */
export function traceUser(): CallingUser | null {
  return callingUser(Deno.env.toObject(), Deno.uid(), readPasswd());
}
