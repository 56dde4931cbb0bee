/**
 * `deno task unit-boot [NAME…]`: boots Debian with systemd under emulation, with the package of this checkout installed, and
 * starts, asks, reloads, kills and stops `ior.service` there. Needs root, qemu and debootstrap; takes three to eight minutes a release.
 */
import { ROOT } from "../gates/tree.ts";
import { debianRoot } from "../kernel_lib/debian_root.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { makeDebian } from "../../setup/debian.ts";
import { boot } from "./boot.ts";
import { readParts } from "./guest_script.ts";
import { cacheFolder, checkTools } from "./host.ts";
import { packFolders } from "./image.ts";
import { type Machine, MACHINES, machinesNamed } from "./machines.ts";
import { Packages } from "./packages.ts";
import { CHECKS_UNIT, unitChecks, unitScript } from "./unit_checks.ts";

/** What the guest has besides a minimal Debian: an init, what asks, what the package depends on, and what the image starts with. */
const GUEST_PACKAGES = "systemd,systemd-sysv,curl,libbpf1,busybox-static";

/** Longest for one guest, milliseconds. */
const LIMIT_MS = 2_700_000;

/** The most that `systemd-analyze security` may find, of 10, as in tests/setup/service_test.ts. */
const EXPOSURE = 2;

/** Time of the package's files: nothing here asks for it. */
const EPOCH_S = 1_700_000_000;

/** What docs/fleet.md says to write into a drop-in. */
function documentedDropIn(): string {
  const [, text] = /^```ini\n# systemctl edit ior\n([^]*?)\n```$/m.exec(
    Deno.readTextFileSync(`${ROOT}/docs/fleet.md`),
  )!;
  return text;
}

/** A Debian with the package, ready to be an image. */
async function makeSystem({ suite }: Machine): Promise<string> {
  const root = debianRoot(suite, `--include=${GUEST_PACKAGES}`);
  const debs = `${root.path}/debs`;
  Deno.mkdirSync(debs);
  await makeDebian(ROOT, debs, EPOCH_S, 1);
  const installed = await root.run(["sh", "-c", "dpkg -i /debs/*.deb"]);
  if (installed.code !== 0) throw new Error(`The package cannot be installed: ${installed.stderr}`);
  Deno.removeSync(debs, { recursive: true });
  const units = `${root.path}/etc/systemd/system`;
  const wanted = `${units}/multi-user.target.wants`;
  Deno.mkdirSync(wanted, { recursive: true });
  Deno.writeTextFileSync(`${units}/ior-checks.service`, CHECKS_UNIT);
  Deno.symlinkSync("../ior-checks.service", `${wanted}/ior-checks.service`);
  // The console is for the checks alone.
  Deno.symlinkSync("/dev/null", `${units}/serial-getty@.service`);
  Deno.mkdirSync(`${root.path}/etc/systemd/system.conf.d`, { recursive: true });
  Deno.writeTextFileSync(`${root.path}/etc/systemd/system.conf.d/quiet.conf`, "[Manager]\nShowStatus=no\n");
  // With a name of its own it is no first boot, which would enable every unit.
  Deno.writeTextFileSync(`${root.path}/etc/machine-id`, `${"1".repeat(32)}\n`);
  Deno.writeTextFileSync(`${root.path}/run-checks`, unitScript(documentedDropIn()));
  Deno.copyFileSync(`${import.meta.dirname}/guest/init`, `${root.path}/init`);
  return root.path;
}

/** Boots one release, and returns how many of the checks do not hold. */
async function runMachine(machine: Machine): Promise<number> {
  const { name, arch } = machine;
  checkTools([[arch.emulator, [arch.emulatorPackage]], ["debootstrap", ["debootstrap"]], ["cpio", ["cpio"]]]);
  const packages = await Packages.open(machine, `${cacheFolder()}/${name}`);
  const kernel = await packages.kernel(arch.debian);
  console.log(`${name}: making the system`);
  const image = `${scratchDirectory("image")}/image`;
  await packFolders(image, await makeSystem(machine));
  console.log(`${name}: booting`);
  const parts = readParts(
    await boot(arch, kernel, image, LIMIT_MS, (line) => console.log(`${name}: ${line}`)),
  );
  let failed = 0;
  for (const [title, check] of unitChecks(parts, EXPOSURE)) {
    try {
      check();
      console.log(`${name}: ok: ${title}`);
    } catch (error) {
      failed++;
      console.log(`${name}: FAILED: ${title}: ${(error as Error).message}`);
    }
  }
  return failed;
}

// A system is made by running its programs here.
const runnable = MACHINES.filter(({ arch }) => arch.deno === Deno.build.arch);
let failed = 0;
for (const machine of machinesNamed(Deno.args, runnable)) failed += await runMachine(machine);
Deno.exit(failed > 0 ? 1 : 0);
