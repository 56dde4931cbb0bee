import assert from "node:assert/strict";
import { compile, compileWords, embedded, TARGETS } from "../../setup/compile.ts";
import { HEAP } from "../../setup/heap.ts";
import { ENTRIES } from "../../setup/make_bundle.ts";
import { ARCH, partFiles } from "../../setup/parts.ts";
import { isProduct, readTree } from "../gates/tree.ts";
import { ROOT } from "../gates/tree.ts";

const HERE = TARGETS.find(({ arch }) => arch === ARCH)!;

/** What is optional: a checkout has no libraries of its own. */
const NOT_IN_CHECKOUT = /^lib\//;

Deno.test("Everything that a module names beside itself is embedded, for both machines", () => {
  const named = readTree().filter(isProduct).flatMap(({ path, text }) =>
    Array.from(
      text.matchAll(/new URL\(["'`](\.[^"'`]*)["'`], import\.meta\.url\)/g),
      ([, name]) => ({ path, name }),
    )
  );
  assert.ok(named.length >= 6, "The modules are read");
  for (const { arch } of TARGETS) {
    const files = new Set(
      named.map(({ path, name }) =>
        new URL(name.replace(/\$\{\w+\(\)\}/, arch), `file:///${path}`).pathname.slice(1)
      ).filter((path) => !NOT_IN_CHECKOUT.test(path)),
    );
    assert.deepEqual(embedded(arch).filter((path) => path !== ENTRIES[0]).sort(), [...files].sort(), arch);
    for (const path of embedded(arch)) assert.ok(Deno.statSync(`${ROOT}/${path}`).isFile, path);
  }
});

Deno.test("What is compiled has the list, the permissions of all commands, and the target", () => {
  for (const target of TARGETS) {
    const words = compileWords(target, "/out/ior");
    assert.deepEqual(
      words.filter((word) => word.startsWith("--include=")),
      embedded(target.arch).map((path) => `--include=${path}`),
    );
    assert.ok(words.includes(`--target=${target.target}`));
    assert.ok(words.includes(HEAP));
    assert.ok(words.includes("--self-extracting"), "the launch helper is run from a disk");
    for (const name of ["ffi", "run", "write", "read", "env"]) {
      assert.ok(words.includes(`--allow-${name}`), name);
    }
    assert.deepEqual(words.slice(-2), ["--output=/out/ior", "cli/main.ts"]);
  }
});

Deno.test("The launcher starts ior with the same heap", () => {
  assert.ok(Deno.readTextFileSync(`${ROOT}/launch/run.h`).includes(`#define HEAP "${HEAP}"\n`));
});

Deno.test("Deno embeds workers, objects, helper, schemas and the page into whatever denort it is given", async () => {
  const folder = Deno.makeTempDirSync();
  const before = Deno.env.get("DENORT_BIN");
  try {
    // Any program of this machine: what is embedded is looked at, not run.
    Deno.env.set("DENORT_BIN", `${ROOT}/launch/ior-launch.${ARCH}`);
    await compile(ROOT, HERE, `${folder}/ior`);
    const text = new TextDecoder("latin1").decode(Deno.readFileSync(`${folder}/ior`));
    const names = [...ENTRIES, ...partFiles(ARCH).map(({ path }) => path)].map((path) =>
      path.replace(/^.*\//, "")
    );
    for (const name of [...names, "ior.report.1.json", "ior.flame.1.json", "graph.js", "frame.bash"]) {
      assert.ok(text.includes(`{"File":{"n":"${name}"`), name);
    }
  } finally {
    if (before === undefined) Deno.env.delete("DENORT_BIN");
    else Deno.env.set("DENORT_BIN", before);
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("Without a denort the task says in one sentence what to do", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-check", `${ROOT}/setup/compile.ts`, folder],
      env: { DENORT_BIN: `${folder}/none`, NO_COLOR: "1" },
      stdin: "null",
    }).outputSync();
    const text = new TextDecoder().decode(stderr);
    assert.deepEqual([code, stdout.length], [1, 0], text);
    assert.match(
      text,
      /^Cannot compile ior for \w+: .*; set DENORT_BIN to the denort of Deno [\d.]+, or make one file without it: deno task pack\n$/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
