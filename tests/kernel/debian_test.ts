/** The Debian package: made twice, installed into an empty Debian, used, and purged. */
import assert from "node:assert/strict";
import { VERSION } from "../../runtime/version.ts";
import { DEBIAN_ARCH, makeDebian } from "../../setup/debian.ts";
import { ROOT } from "../gates/tree.ts";
import { outputOf } from "../kernel_lib/clang.ts";
import { type DebianRoot, debianRoot } from "../kernel_lib/debian_root.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** What the package depends on, besides what every Debian has. */
const DEPENDENCIES = ["libbpf1", "libelf1"];

const EPOCH_S = 1_700_000_000;

/** Everything in the root besides what dpkg keeps of its own. */
async function filesIn(root: DebianRoot): Promise<string[]> {
  const pruned = ["/proc", "/sys", "/dev", "/debs", "/var/lib/dpkg", "/var/log"].flatMap((
    path,
  ) => ["-o", "-path", path]);
  const { stdout } = await root.run(["find", "/", "(", ...pruned.slice(1), ")", "-prune", "-o", "-print"]);
  // What the linker keeps of the libraries that are there.
  return stdout.split("\n").filter((path) => !/ld\.so\.cache|aux-cache/.test(path)).sort();
}

Deno.test("The Debian package is made the same twice, installs in an empty Debian, traces, and leaves nothing", async () => {
  const root = debianRoot("bookworm");
  const debs = `${root.path}/debs`;
  Deno.mkdirSync(debs);
  const path = await makeDebian(ROOT, debs, EPOCH_S, 1);
  assert.equal(path, `${debs}/ior_${VERSION}_${DEBIAN_ARCH}.deb`);
  const again = await makeDebian(ROOT, scratchDirectory("again"), EPOCH_S, 1);
  assert.deepEqual(
    outputOf("sha256sum", [again])!.split(" ")[0],
    outputOf("sha256sum", [path])!.split(" ")[0],
  );

  outputOf("sh", ["-c", `cd "$0" && apt-get -q download "$@"`, debs, ...DEPENDENCIES]);
  const before = await filesIn(root);
  const install = await root.run(["sh", "-c", "dpkg -i /debs/*.deb"]);
  assert.equal(install.code, 0, install.stderr);

  const traced = await root.run(["ior", "trace", "--brief", "--", "ls", "/"]);
  assert.equal(traced.code, 0, traced.stderr);
  // The output of ls, and nothing of ior.
  assert.match(traced.stderr, /^bin\n[^:]*var\n$/);
  assert.match(traced.stdout, /^loss +none$/m);
  const doctor = await root.run(["ior", "doctor"]);
  assert.match(doctor.stdout, /^ior can trace here\.$/m);
  assert.match(doctor.stdout, /^ {2}sudo setcap \S+ \/usr\/lib\/ior\/ior$/m);
  // Where no folder can be made for what Deno keeps: under a unit, for one.
  const nowhere = await root.run(["setpriv", "--reuid=65534", "--clear-groups", "ior", "schema", "rows"], {});
  assert.deepEqual([nowhere.code, nowhere.stderr], [0, ""]);

  assert.equal((await root.run(["dpkg", "--verify", "ior"])).stdout, "");
  for (const page of ["ior", "ior-trace", "ior-filter"]) {
    assert.match(
      outputOf("man", ["-w", "-M", `${root.path}/usr/share/man`, page])!,
      new RegExp(`/${page}\\.\\d\\.gz`),
    );
  }
  for (
    const file of [
      "bash-completion/completions/ior",
      "zsh/vendor-completions/_ior",
      "fish/vendor_completions.d/ior.fish",
    ]
  ) assert.ok(Deno.statSync(`${root.path}/usr/share/${file}`).size > 0);
  assert.equal(
    Deno.readTextFileSync(`${root.path}/usr/lib/systemd/system/ior.service`),
    Deno.readTextFileSync(`${ROOT}/setup/ior.service`),
  );
  const copyright = Deno.readTextFileSync(`${root.path}/usr/share/doc/ior/copyright`);
  for (const name of ["ior", "Deno", "hyparquet"]) {
    assert.match(copyright, new RegExp(`^${name}\\b`, "m"));
  }

  const purge = await root.run(["dpkg", "-P", "ior", ...DEPENDENCIES]);
  assert.equal(purge.code, 0, purge.stderr);
  assert.deepEqual(await filesIn(root), before);
});
