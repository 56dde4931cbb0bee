/** The licences of everything that a packed ior consists of, as its file `licences.txt`. */

import { run } from "./make_bundle.ts";

/** Debian's packages of libbpf and of what it may be linked to. */
const PACKAGES = ["libbpf1", "libelf1", "libelf1t64", "zlib1g", "libzstd1", "liblzma5", "libbz2-1.0"];

const DENO = `Copyright 2018-2026 the Deno authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

const textOf = (path: string) => {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
};

/** The licences of the npm packages that are bundled, from where Deno keeps them. */
async function ofModules(root: string): Promise<[name: string, text: string][]> {
  const ask = async (...words: string[]) =>
    JSON.parse(await run(Deno.execPath(), ["info", "--json", ...words], root));
  const { npmCache } = await ask();
  const { npmPackages } = await ask("cli/main.ts");
  const found: [string, string][] = [];
  for (const { name, version } of Object.values(npmPackages) as { name: string; version: string }[]) {
    for (const registry of Deno.readDirSync(npmCache)) {
      const folder = `${npmCache}/${registry.name}/${name}/${version}`;
      const files = textOf(`${folder}/package.json`) === null ? [] : [...Deno.readDirSync(folder)];
      const texts = files.filter((file) => file.isFile && /^licen[cs]e/i.test(file.name))
        .map((file) => Deno.readTextFileSync(`${folder}/${file.name}`));
      if (texts.length > 0) found.push([`${name} ${version}`, texts.join("\n")]);
    }
  }
  return found;
}

/** The licences as one text: a heading and the text of each. */
export async function licences(root: string): Promise<string> {
  const ofPackages = PACKAGES.map((name) => [name, textOf(`/usr/share/doc/${name}/copyright`)] as const)
    .filter((entry): entry is [string, string] => entry[1] !== null);
  // Debian's texts name these instead of repeating them.
  const common = new Set(
    ofPackages.flatMap(([, text]) =>
      Array.from(text.matchAll(/common-licenses\/([\w.-]*\w)/g), ([, name]) => name)
    ),
  );
  const sections: [string, string][] = [
    ["ior", Deno.readTextFileSync(`${root}/LICENSE`)],
    ["Deno", DENO],
    ...await ofModules(root),
    ...ofPackages,
    ...[...common].sort().map((
      name,
    ): [string, string] => [name, textOf(`/usr/share/common-licenses/${name}`) ?? ""]),
  ];
  return sections.map(([name, text]) => `${"=".repeat(72)}\n${name}\n${"=".repeat(72)}\n\n${text.trim()}\n`)
    .join("\n");
}
