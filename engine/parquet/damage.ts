/** What a decoder found wrong with bytes; whoever knows the name of the file makes an error for users of it. */
export class Damage extends Error {
  override readonly name = "Damage";
}

/** Throws {@linkcode Damage} with `text` unless `holds`. */
export function require(holds: boolean, text: () => string): asserts holds {
  if (!holds) throw new Damage(text());
}
