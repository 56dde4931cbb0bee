import assert from "node:assert/strict";
import { makeBundle, withImports, withNames } from "../../setup/make_bundle.ts";
import { ROOT } from "../gates/tree.ts";
import { settlePrograms } from "../settled.ts";
import { waitFor } from "../wait.ts";

const HELPER = `${ROOT}/launch/ior-launch.${Deno.build.arch === "x86_64" ? "x86_64" : "arm64"}`;

/** Another user; only root can make files of others. */
const NOBODY = 65534;
const IS_ROOT = Deno.uid() === 0;

/** A checkout with a file in every folder, and a folder of bundles. */
class Checkout implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  root = `${this.folder}/a b`;
  readonly bundles = `${this.folder}/bundles`;

  constructor() {
    for (const part of ["runtime", "bpf", "engine/deep", "cli", "schema", "setup"]) {
      Deno.mkdirSync(`${this.root}/${part}`, { recursive: true });
      Deno.writeTextFileSync(`${this.root}/${part}/file.ts`, "one");
    }
    for (const name of ["deno.json", "deno.lock"]) Deno.writeTextFileSync(`${this.root}/${name}`, "{}");
    Deno.mkdirSync(this.bundles);
  }

  /** The key once the files have been at rest long enough. */
  key(): Promise<string> {
    return waitFor(() => this.keyNow(), { timeoutMs: 60_000, what: "a checkout at rest" });
  }

  /** `null` right after a change, and when there is none. */
  keyNow(): string | null {
    const { success, stdout } = new Deno.Command(HELPER, { args: ["key", this.root] }).outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  }

  /** What ior would start with: "source", "bundle", or "made" when the script that makes one was started. */
  started(): string {
    const source = `${this.root}/cli/main.ts`;
    const { stdout, stderr } = new Deno.Command(HELPER, {
      args: ["start", "0", this.bundles, this.root, "/bin/echo", "run", source, "--"],
    }).outputSync();
    const text = new TextDecoder().decode(stdout).trim();
    if (text === `run ${source} --`) return "source";
    if (text === "made") return "made";
    assert.match(text, new RegExp(`^run ${this.bundles}/[0-9a-f]{32}/main\\.mjs --$`), text + stderr);
    return "bundle";
  }

  /** Puts a bundle where the helper looks for one, and returns its folder. */
  async bundle(): Promise<string> {
    const folder = `${this.bundles}/${await this.key()}`;
    Deno.mkdirSync(folder);
    Deno.writeTextFileSync(`${folder}/main.mjs`, "");
    return folder;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test("A bundle is taken as long as nothing of the checkout changes", async () => {
  const file = (checkout: Checkout) => `${checkout.root}/engine/deep/file.ts`;
  const changes: Record<string, (checkout: Checkout) => void> = {
    "a file of the same length and times": (checkout) => {
      const { atime, mtime } = Deno.statSync(file(checkout));
      Deno.writeTextFileSync(file(checkout), "two");
      Deno.utimeSync(file(checkout), atime!, mtime!);
    },
    "another file in the place of one": (checkout) => {
      const { atime, mtime } = Deno.statSync(file(checkout));
      Deno.writeTextFileSync(`${checkout.folder}/new`, "two");
      Deno.utimeSync(`${checkout.folder}/new`, atime!, mtime!);
      Deno.renameSync(`${checkout.folder}/new`, file(checkout));
    },
    "a new file": (checkout) => Deno.writeTextFileSync(`${checkout.root}/cli/new.ts`, ""),
    "a file that is gone": (checkout) => Deno.removeSync(file(checkout)),
    "a name": (checkout) => Deno.renameSync(file(checkout), `${checkout.root}/engine/deep/other.ts`),
    "the packages": (checkout) => Deno.writeTextFileSync(`${checkout.root}/deno.lock`, "[]"),
    "a link": (checkout) => Deno.symlinkSync("/etc/passwd", `${checkout.root}/cli/link.ts`),
    "a part that is gone": (checkout) => Deno.removeSync(`${checkout.root}/schema`, { recursive: true }),
    "the place": (checkout) => {
      Deno.renameSync(checkout.root, `${checkout.folder}/c`);
      checkout.root = `${checkout.folder}/c`;
    },
  };
  await Promise.all(
    Object.entries(changes).map(async ([what, change]) => {
      using checkout = new Checkout();
      await checkout.bundle();
      assert.equal(checkout.started(), "bundle", what);
      change(checkout);
      assert.equal(checkout.started(), "source", what);
    }),
  );
});

Deno.test("Right after a change there is no key: the next change could have the same time", async () => {
  using checkout = new Checkout();
  const before = await checkout.key();
  Deno.writeTextFileSync(`${checkout.root}/cli/file.ts`, "two");
  assert.equal(checkout.keyNow(), null);
  assert.notEqual(await checkout.key(), before);
});

Deno.test({
  name: "A bundle that others made, or may write to, is not taken" +
    (IS_ROOT ? "" : " (skipped: only root makes files of others)"),
  ignore: !IS_ROOT,
  fn: async () => {
    using checkout = new Checkout();
    const folder = await checkout.bundle();
    for (const path of [checkout.bundles, folder, `${folder}/main.mjs`]) {
      const { mode } = Deno.statSync(path);
      Deno.chownSync(path, NOBODY, null);
      assert.equal(checkout.started(), "source", `another's ${path}`);
      Deno.chownSync(path, 0, null);
      Deno.chmodSync(path, 0o777);
      assert.equal(checkout.started(), "source", `${path}, open to all`);
      Deno.chmodSync(path, mode! & 0o777);
      assert.equal(checkout.started(), "bundle");
    }
    Deno.writeTextFileSync(`${folder}/worker.mjs`, "");
    Deno.chownSync(`${folder}/worker.mjs`, NOBODY, null);
    assert.equal(checkout.started(), "source", "another's file in it");
  },
});

Deno.test("A bundle is made once, for a checkout that nobody works on", async () => {
  using checkout = new Checkout();
  assert.equal(checkout.started(), "source", "files that were written lately");

  Deno.writeTextFileSync(`${checkout.root}/setup/bundle.sh`, "echo made");
  const old = new Date(Date.now() - 2 * 3600 * 1000);
  for (const path of ["runtime", "bpf", "engine/deep", "cli", "schema", "setup"]) {
    Deno.utimeSync(`${checkout.root}/${path}/file.ts`, old, old);
  }
  for (const path of ["setup/bundle.sh", "deno.json", "deno.lock"]) {
    Deno.utimeSync(`${checkout.root}/${path}`, old, old);
  }
  assert.equal(checkout.started(), "made");
  Deno.mkdirSync(`${checkout.bundles}/${await checkout.key()}`);
  assert.equal(checkout.started(), "source", "one that could not be made");
});

Deno.test("The script makes a bundle, or not, and becomes its last words", () => {
  for (const deno of ["/bin/false", "/none"]) {
    const { code, stdout } = new Deno.Command("sh", {
      args: [`${ROOT}/setup/bundle.sh`, "/none", HELPER, ROOT, deno, "/bin/echo", "a  b"],
    }).outputSync();
    assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, "a  b\n"]);
  }
});

Deno.test("The bundler is fetched as all else is, and the words know nothing of it", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const deno = `${folder}/deno`;
    Deno.writeTextFileSync(deno, '#!/bin/sh\necho "$DENO_TLS_CA_STORE" >"$0.store"\n', { mode: 0o755 });
    settlePrograms(deno);
    const { stdout } = new Deno.Command("/bin/sh", {
      args: [`${ROOT}/setup/bundle.sh`, "/none", HELPER, ROOT, deno, "/usr/bin/env"],
      clearEnv: true,
      env: { PATH: "/usr/bin:/bin", bundles: "mine", helper: "mine", deno: "mine" },
    }).outputSync();
    assert.match(Deno.readTextFileSync(`${deno}.store`), /^mozilla,system$/m);
    const told = new TextDecoder().decode(stdout);
    assert.doesNotMatch(told, /DENO|CERTS/);
    assert.equal(told.match(/^(bundles|helper|deno)=mine$/gm)?.length, 3, told);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("A bundle of the sources does what they do", async () => {
  const bundles = Deno.makeTempDirSync();
  try {
    await waitFor(
      () => new Deno.Command(HELPER, { args: ["key", ROOT] }).outputSync().success,
      { timeoutMs: 60_000, what: "a checkout at rest" },
    );
    await makeBundle(HELPER, ROOT, bundles);
    const [key, ...others] = [...Deno.readDirSync(bundles)].map(({ name }) => name);
    assert.deepEqual(others, []);
    const files = [...Deno.readDirSync(`${bundles}/${key}`)].map(({ name }) => name);
    for (
      const entry of [
        "main",
        "stats_worker",
        "flame_worker",
        "stats_flame_worker",
        "recorder_worker",
        "rows_worker",
      ]
    ) {
      assert.ok(files.includes(`${entry}.mjs`), entry);
    }
    assert.deepEqual(files.filter((name) => !name.endsWith(".mjs")), []);
    assert.deepEqual(files.filter((name) => Deno.statSync(`${bundles}/${key}/${name}`).size === 0), []);
    const outputOf = (main: string, args: string[]) => {
      const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
        args: ["run", "--allow-all", "--no-check", "--quiet", `--config=${ROOT}/deno.json`, main, ...args],
        stdin: "null",
      }).outputSync();
      return [code, new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)];
    };
    for (const line of ["-h", "trace -h", "schema rows", "trace --nosuch", "report /none", "probes"]) {
      const args = line.split(" ");
      assert.deepEqual(
        outputOf(`${bundles}/${key}/main.mjs`, args),
        outputOf(`${ROOT}/cli/main.ts`, args),
        line,
      );
    }
  } finally {
    Deno.removeSync(bundles, { recursive: true });
  }
});

Deno.test("A bundled module finds the others in its folder, and loads on demand what is imported on demand", () => {
  const files = new Set(["chunk-A.mjs", "run-B.mjs"]);
  assert.equal(
    withImports('import{a}from"../../chunk-A.js";import"./chunk-A.js";await import("./run-B.js")', files),
    'import{a}from"./chunk-A.mjs";import"./chunk-A.mjs";await import(String("./run-B.mjs"))',
  );
  for (const text of ['import{b}from"node:util"', 'x=`import "./page.js"`', 'import("../other.js")']) {
    assert.equal(withImports(text, files), text);
  }
});

Deno.test("Names beside a module stay those of the sources, and others are refused", () => {
  assert.equal(
    withNames("new URL(`../../launch/ior-launch.${a()}`,import.meta.url);import.meta.main", "/a b#c"),
    'new URL(`../../launch/ior-launch.${a()}`,"file:///a%20b%23c/engine/launch/helper.ts");import.meta.main',
  );
  assert.equal(
    withNames('new URL("./stats_worker.ts", import.meta.url)', "/a"),
    'new URL("./stats_worker.mjs",import.meta.url)',
  );
  for (
    const text of ['new URL("./other.txt",import.meta.url)', "read(import.meta.url)", "import.meta.dirname"]
  ) {
    assert.throws(() => withNames(text, "/a"), /Cannot bundle/);
  }
});
