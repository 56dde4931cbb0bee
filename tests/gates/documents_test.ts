/** Links of documents lead somewhere, every document is linked, pictures are small, and tables are those of the help. */
import assert from "node:assert/strict";
import { posix } from "node:path";
import { allCommands } from "../../cli/commands/commands.ts";
import type { Terms } from "../../cli/commands/topics/topic.ts";
import { TOPICS } from "../../cli/commands/topics/topics.ts";
import { readDocuments } from "../documents.ts";
import { lineAt, readTree, ROOT, type TextFile } from "./tree.ts";

/** A picture is read with the page that shows it. */
const PICTURE_BYTES_MAX = 100_000;

const PICTURES = "docs/pictures/";

/** A table of a topic of the help, as it stands in a document: `<!-- ior help TOPIC: TITLE -->` to `<!-- end -->`. */
const HELP_TABLE = /<!-- ior help (\w+): ([^>]+) -->\n(.*?)<!-- end -->/gs;

const COMMENTS_AND_CODE = /<!--.*?-->|^```.*?^```$|`[^`\n]*`/gms;

/** The name by which a link finds a heading: as the hosts of repositories make it. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\w\s-]/g, "").trim().replace(/\s/g, "-");
}

function anchorsOf({ text }: TextFile): Set<string> {
  return new Set(Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading]) => anchorOf(heading)));
}

/** Relative links of Markdown files that lead nowhere, and documents that README.md does not lead to. */
function linkFaults(files: readonly TextFile[], paths: ReadonlySet<string>): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const linked = new Map<string, Set<string>>();
  const faults: string[] = [];
  for (const file of files) {
    const text = file.text.replace(COMMENTS_AND_CODE, (code) => code.replace(/[^\n]/g, " "));
    for (const match of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [name, anchor] = match[1].split("#");
      if (/^\w+:/.test(name)) continue;
      const target = name === "" ? file.path : posix.join(posix.dirname(file.path), name).replace(/\/$/, "");
      const where = `${file.path}:${lineAt(text, match.index)}`;
      const document = byPath.get(target);
      if (!paths.has(target)) faults.push(`${where} links to ${target}, which does not exist`);
      else if (anchor && !(document && anchorsOf(document).has(anchor))) {
        faults.push(`${where} links to #${anchor} of ${target}, which has no such heading`);
      }
      linked.set(file.path, (linked.get(file.path) ?? new Set()).add(target));
    }
  }
  for (const { path } of files) {
    if (/^docs\/\w+\.md$/.test(path) && !linked.get("README.md")?.has(path)) {
      faults.push(`README.md does not link to ${path}`);
    }
  }
  return faults;
}

/** The table of a topic in Markdown, its columns aligned as the formatter does. */
function helpTable({ terms }: Terms): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replace(/(?<!`)--[\w-]+/g, "`$&`");
  const rows = terms.map(([term, meaning]) => [/^[\w_]+$/.test(term) ? `\`${term}\`` : term, cell(meaning)]);
  const [first, second] = [0, 1].map((i) => Math.max(...rows.map((row) => row[i].length), 3));
  return [["", ""], ["-".repeat(first), "-".repeat(second)], ...rows]
    .map(([term, meaning]) => `| ${term.padEnd(first)} | ${meaning.padEnd(second)} |\n`).join("");
}

/** Documents with their tables as the help has them. */
async function withHelpTables(files: readonly TextFile[]): Promise<TextFile[]> {
  const commands = await allCommands();
  return files.map(({ path, text }) => ({
    path,
    text: text.replace(HELP_TABLE, (_found, name: string, title: string) => {
      const topic = TOPICS.find((topic) => topic.name === name);
      const section = topic?.sections(commands).find((section) => section.title === title);
      assert.ok(section && "terms" in section, `${path}: ior help ${name} has no table ${title}`);
      return `<!-- ior help ${name}: ${title} -->\n\n${helpTable(section)}\n<!-- end -->`;
    }),
  }));
}

/** Pictures that no document shows, that are too large, or whose elements do not close. */
function pictureFaults(
  pictures: readonly (TextFile & { bytes: number })[],
  documents: readonly TextFile[],
): string[] {
  return pictures.flatMap(({ path, text, bytes }) => [
    ...(documents.some((document) =>
        document.text.includes(`](${posix.relative(posix.dirname(document.path), path)})`)
      )
      ? []
      : [`${path} is shown by no document`]),
    ...(bytes > PICTURE_BYTES_MAX
      ? [`${path} has ${bytes} bytes, at most ${PICTURE_BYTES_MAX} are wanted`]
      : []),
    ...(path.endsWith(".svg") && !isWellFormed(text) ? [`${path} is not well-formed`] : []),
  ]);
}

/** Whether elements close in their order and nothing else has the sign of one. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  const rest = svg.replace(/^<\?xml[^>]*\?>/, "").replace(/<!\[CDATA\[.*?\]\]>/gs, "")
    .replace(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_tag, end, name, _attributes, empty) => {
      if (end) return open.pop() === name ? "" : "<";
      if (!empty) open.push(name);
      return "";
    });
  return open.length === 0 && !rest.includes("<") &&
    !/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(rest);
}

function existingPaths(): Set<string> {
  const paths = new Set([""]);
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(`${ROOT}/${folder}`)) {
      if (name === ".git") continue;
      const path = posix.join(folder, name);
      paths.add(path);
      if (isDirectory) walk(path);
    }
  };
  walk("");
  return paths;
}

Deno.test("Every link of a document leads somewhere, and README.md leads to every document", () => {
  const files = readTree().filter(({ path }) => path.endsWith(".md"));
  assert.deepEqual(linkFaults(files, existingPaths()), []);
});

Deno.test("The tables of the documents are those of the help", async () => {
  const documents = readDocuments();
  const wanted = await withHelpTables(documents);
  assert.ok(documents.some(({ text }) => text.includes("<!-- ior help ")));
  for (const [i, { path, text }] of wanted.entries()) {
    if (Deno.env.get("GOLDEN_BLESS") === "1") Deno.writeTextFileSync(`${ROOT}/${path}`, text);
    else assert.equal(documents[i].text, text, `${path} differs; GOLDEN_BLESS=1 writes it`);
  }
});

Deno.test("Every picture is small, well-formed and shown by a document", () => {
  const pictures = [...existingPaths()].filter((path) => path.startsWith(PICTURES)).map((path) => {
    const bytes = Deno.readFileSync(`${ROOT}/${path}`);
    return { path, text: new TextDecoder().decode(bytes), bytes: bytes.length };
  });
  assert.deepEqual(pictureFaults(pictures, readDocuments()), []);
});

const PATHS = new Set(["README.md", "docs/a.md", "docs/b.md", "docs/pictures/a.svg"]);
const LIVE = [
  { path: "README.md", text: "[a](docs/a.md) [b](docs/b.md#two-words)\n```\n[c](nothing.md)\n```\n" },
  { path: "docs/a.md", text: "[up](../README.md) [out](https://example.org/x#y) `[c](nothing)`" },
  { path: "docs/b.md", text: "## Two `words`\n[here](#two-words)" },
];

Deno.test("The gate of links leaves links alone that lead somewhere, and code", () => {
  assert.deepEqual(linkFaults(LIVE, PATHS), []);
});

for (
  const [text, fault] of [
    ["[x](c.md)", "docs/a.md:1 links to docs/c.md, which does not exist"],
    ["[x](b.md#three)", "docs/a.md:1 links to #three of docs/b.md, which has no such heading"],
  ]
) {
  Deno.test(`The gate of links finds: ${text}`, () => {
    assert.deepEqual(linkFaults([LIVE[0], { path: "docs/a.md", text }, LIVE[2]], PATHS), [fault]);
  });
}

Deno.test("The gate of links finds a document that README.md does not lead to", () => {
  const readme = { path: "README.md", text: "[a](docs/a.md)" };
  assert.deepEqual(linkFaults([readme, ...LIVE.slice(1)], PATHS), ["README.md does not link to docs/b.md"]);
});

const SHOWS = { path: "docs/a.md", text: "![what it is](pictures/a.svg)" };
const PICTURE = {
  path: "docs/pictures/a.svg",
  text: '<svg a="1"><g/><text>a &lt; b</text></svg>\n',
  bytes: 50,
};

Deno.test("The gate of pictures leaves a good one alone, and finds what is wrong with others", () => {
  const faults = (change: Partial<typeof PICTURE>, document = SHOWS) =>
    pictureFaults([{ ...PICTURE, ...change }], [document]);
  assert.deepEqual(faults({}), []);
  assert.deepEqual(faults({}, { path: "docs/a.md", text: "" }), [
    "docs/pictures/a.svg is shown by no document",
  ]);
  assert.match(faults({ bytes: 100_001 })[0], /100001 bytes/);
  for (const text of ["<svg><g></svg>", "<svg>a & b</svg>", "<svg>a < b</svg>", "<svg", '<svg a="<"/>']) {
    assert.deepEqual(faults({ text }), ["docs/pictures/a.svg is not well-formed"], text);
  }
});

Deno.test("The gate of tables finds a meaning that the help does not have", async () => {
  const [{ text }] = await withHelpTables([{
    path: "a.md",
    text: "<!-- ior help loss: Kinds -->\n<!-- end -->",
  }]);
  assert.match(text, /^\| `ring_full` +\| .*`--ring-size`.*\|$/m);
  const changed = text.replace("was full", "was empty");
  assert.notEqual(changed, text);
  assert.deepEqual(await withHelpTables([{ path: "a.md", text: changed }]), [{ path: "a.md", text }]);
});
