import type { Started } from "./started.ts";

/** Describes the command that the launch helper becomes. */
export interface Order {
  argv: readonly Uint8Array[];
  /** Variables, `NAME=value`. */
  environment: readonly Uint8Array[];
  /** Sends standard output to standard error. */
  stdoutToStderr: boolean;
  /** The user it runs as, with all groups; `null` for the user of its parent. */
  user: { uid: number; gid: number; groups: readonly number[] } | null;
  started: Started;
}

const FLAG_STDOUT_TO_STDERR = 1n;
const FLAG_CHANGE_USER = 2n;
const WORD_BYTES = 8;
const NO_DESCRIPTOR = 2n ** 64n - 1n;

/** The message for the helper, laid out as launch/gate.h reads it. */
export function encodeOrder(
  { argv, environment, stdoutToStderr, user, started }: Order,
): Uint8Array<ArrayBuffer> {
  const texts = [...argv, ...environment];
  const words = [
    0n, // the length, below
    (stdoutToStderr ? FLAG_STDOUT_TO_STDERR : 0n) | (user ? FLAG_CHANGE_USER : 0n),
    started.closed,
    started.directory === null ? NO_DESCRIPTOR : BigInt(started.directory),
    started.ignored,
    started.blocked,
    BigInt(user?.uid ?? 0),
    BigInt(user?.gid ?? 0),
    started.capabilities,
    BigInt(user?.groups.length ?? 0),
    BigInt(started.limits.length),
    BigInt(argv.length),
    BigInt(environment.length),
    ...(user?.groups ?? []).map(BigInt),
    ...started.limits.flatMap(({ resource, soft, hard }) => [resource, soft, hard]),
  ];
  const textBytes = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const order = new Uint8Array(words.length * WORD_BYTES + textBytes);
  words[0] = BigInt(order.length);
  order.set(new Uint8Array(BigUint64Array.from(words).buffer));
  let at = words.length * WORD_BYTES;
  for (const text of texts) {
    order.set(text, at);
    at += text.length + 1;
  }
  return order;
}
