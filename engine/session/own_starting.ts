/**
 * Makes a stack the owner of a resource that is still starting, so that it is disposed of even when nobody awaits it,
 * because something else has failed meanwhile.
 */
export function ownStarting<Value extends AsyncDisposable>(
  owner: AsyncDisposableStack,
  starting: Promise<Value>,
): Promise<Value> {
  owner.defer(async () => {
    const value = await starting.catch(() => null);
    await value?.[Symbol.asyncDispose]();
  });
  starting.catch(() => {}); // whoever awaits it sees the reason
  return starting;
}
