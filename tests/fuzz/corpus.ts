/** The files that inputs are made from. They have endings of their own: no formatter touches them. */

const FOLDER = new URL("./corpus/", import.meta.url);

/** The files of the corpus whose names end so. Throws when there is none. */
export function corpus(...endings: readonly string[]): Uint8Array<ArrayBuffer>[] {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  const files = names.filter((name) => endings.some((ending) => name.endsWith(ending)));
  if (files.length === 0) throw new Error(`The corpus has no file *${endings.join(" or *")}`);
  return files.map((name) => Deno.readFileSync(new URL(name, FOLDER)));
}

/** As {@linkcode corpus}, as text. */
export function corpusTexts(...endings: readonly string[]): string[] {
  return corpus(...endings).map((bytes) => new TextDecoder().decode(bytes));
}
