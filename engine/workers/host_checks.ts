/** Checks of the messages that every host gets; `what` names the worker in errors. */
import { IorError } from "../../runtime/errors.ts";
import { PROTOCOL_VERSION } from "../../runtime/messages.ts";

/** An answer and the buffers to transfer with it. */
export interface HostAnswer<Reply> {
  reply: Reply;
  transfer: ArrayBuffer[];
}

/** Throws when the other end speaks another version of the messages. */
export function checkProtocol(what: string, found: number): void {
  if (found === PROTOCOL_VERSION) return;
  throw new IorError(
    "runtime",
    `Cannot start the ${what}: the message protocol is ${found}, it must be ${PROTOCOL_VERSION}`,
    { hint: "Use files of one version of ior only" },
  );
}

/** What the `hello` message created; throws when the first message was another one. */
export function started<Value>(what: string, value: Value | null): Value {
  if (value !== null) return value;
  throw new IorError("runtime", `Cannot use the ${what}: the first message must be \`hello\``);
}

/** The error of a message of an unknown kind. */
export function unknownKind(what: string, request: { kind: unknown }): IorError {
  return new IorError(
    "runtime",
    `Cannot answer a message to the ${what}: its kind is ${String(request.kind)}`,
  );
}
