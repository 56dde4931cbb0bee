/**
 * Makes a stack the owner of what is still starting: it is given back also when nobody comes to wait for it, because
 * something else has failed meanwhile.
 */
export function ownStarting<Value extends AsyncDisposable>(
  owner: AsyncDisposableStack,
  starting: Promise<Value>,
): Promise<Value> {
  owner.defer(async () => {
    const value = await starting.catch(() => null);
    await value?.[Symbol.asyncDispose]();
  });
  starting.catch(() => {}); // whoever waits for it sees the reason
  return starting;
}
