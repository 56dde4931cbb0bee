/** A fault that a decoder found in the bytes. Callers that know the name of the file turn it into an error for users. */
export class Damage extends Error {
  override readonly name = "Damage";
}

/** Throws {@linkcode Damage} with `text` unless `holds`. */
export function require(holds: boolean, text: () => string): asserts holds {
  if (!holds) throw new Damage(text());
}
