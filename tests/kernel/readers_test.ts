/** What reads recordings, started by the launcher as an ordinary user: with no privileges, and nothing is refused. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { ROOT } from "../gates/tree.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { asOrdinaryUser } from "../kernel_lib/less.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** A folder with recordings and documents that everybody may read. */
async function recordings(): Promise<string> {
  const folder = scratchDirectory("recorded");
  Deno.chmodSync(folder, 0o755);
  const command = ["--", "ls", "-R", "/etc/default"];
  const outputs = [["record", "-q", "a.parquet"], ["record", "-q", "rec/"], [
    "stream",
    "--format",
    "ndjson",
    "-o",
    "a.ndjson",
  ]];
  for (
    const words of [...outputs, ["trace", "--json", "-o", "a.json"], ["flame", "-o", "a.html"], [
      "flame",
      "-o",
      "a.folded",
    ]]
  ) {
    const { code, stderr } = await runIor([...words, ...command], { cwd: folder });
    assert.equal(code, 0, stderr);
  }
  const rows = Deno.readFileSync(`${folder}/a.ndjson`);
  Deno.writeFileSync(`${folder}/a.ndjson.gz`, gzipSync(rows));
  Deno.writeFileSync(`${folder}/a.ndjson.zst`, zstdCompressSync(rows));
  return folder;
}

Deno.test("An ordinary user reads recordings as root does, without privileges and foreign functions", async (t) => {
  const folder = await recordings();
  const { home, wrapper, places, env } = asOrdinaryUser();
  // The launcher fetches packages once; that they are there already is noted beside them.
  const cache = `${home}/.cache/ior/deno_dir`;
  Deno.mkdirSync(cache, { recursive: true });
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  const { npmCache } = JSON.parse(new TextDecoder().decode(info.stdout));
  const packages = Object.keys(JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.lock`)).npm)
    .map((key) => key.slice(0, key.lastIndexOf("@")));
  for (const { name } of Deno.readDirSync(npmCache)) {
    const [from, to] = [`${npmCache}/${name}`, `${cache}/npm/${name}`];
    Deno.mkdirSync(to, { recursive: true });
    const args = ["-r", ...packages.map((name) => `${from}/${name}`), to];
    assert.ok(new Deno.Command("cp", { args }).outputSync().success);
  }
  const lock = createHash("sha256").update(Deno.readFileSync(`${ROOT}/deno.lock`)).digest("hex");
  Deno.writeTextFileSync(`${cache}/ior-${lock}`, "");
  const chown = new Deno.Command("chown", { args: ["-R", "65534:65534", `${home}/.cache`] }).outputSync();
  assert.ok(chown.success);
  const asUser = (words: string[]) => {
    const [command, ...args] = [...wrapper, `${home}/tree/ior`, ...words];
    const { code, stdout, stderr } = new Deno.Command(command, {
      args,
      env: { ...env, DENO_DIR: "", IOR_DENO: places!.deno },
      cwd: folder,
      stdin: "null",
    }).outputSync();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  };
  const lines = [
    "report a.parquet",
    "report rec/",
    "report *.ndjson --json -x --by process,errno",
    "diff a.parquet a.json",
    "flame --from a.parquet",
    "flame --diff a.html a.parquet",
    "stream --from a.parquet --format ndjson",
    "stream rec/ --format csv",
    "stream a.ndjson.gz --format csv",
    "flame a.ndjson.zst",
    "flame a.folded",
    "report nothing.parquet",
    "report a.json",
    `report -q -o ${home}/out.txt a.parquet`,
  ];
  for (const line of lines) {
    await t.step(line, async () => {
      const words = line.split(" ");
      const found = asUser(words);
      const { code, stdout, stderr } = await runIor(words, { cwd: folder });
      assert.deepEqual(found, { code, stdout, stderr });
    });
  }
  assert.match(Deno.readTextFileSync(`${home}/out.txt`), /^command +ls -R/m);
});
