import type { FileSession } from "../../runtime/file_sessions.ts";

const VALUES = {
  time: ({ totalNs }: FileSession) => -totalNs,
  calls: ({ calls }: FileSession) => -calls,
  read: ({ readBytes }: FileSession) => -readBytes,
  written: ({ writeBytes }: FileSession) => -writeBytes,
  opened: ({ openedNs }: FileSession) => openedNs ?? -Infinity,
} as const;

/** What sessions are sorted by: the largest first, and the earliest. */
export type SessionSort = keyof typeof VALUES;

/** Every {@linkcode SessionSort}. */
export const SESSION_SORTS = Object.keys(VALUES) as SessionSort[];

/** The sessions in an order; equal ones by when they were opened, and by path. */
export function sortSessions(sessions: readonly FileSession[], sort: SessionSort): FileSession[] {
  const by = (value: (session: FileSession) => number) => (a: FileSession, b: FileSession) => {
    const [first, second] = [value(a), value(b)];
    return first < second ? -1 : first > second ? 1 : 0;
  };
  const [first, then] = [by(VALUES[sort]), by(VALUES.opened)];
  return sessions.toSorted((a, b) => first(a, b) || then(a, b) || (a.path < b.path ? -1 : 1));
}
