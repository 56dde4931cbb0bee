/**
 * Makes files ready to be started, right after they were written: each is copied by a process of its own. What this
 * process has open for writing is also open in the children that other tests are starting at this moment, and the
 * kernel starts no program that somebody may write (ETXTBSY).
 */
export function settlePrograms(...paths: string[]): void {
  const script = 'for p; do cp -p "$p" "$p.settled" && mv "$p.settled" "$p" || exit; done';
  const { success, stderr } = new Deno.Command("sh", { args: ["-c", script, "sh", ...paths] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
