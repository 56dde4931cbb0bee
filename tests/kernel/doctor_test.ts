/** `ior doctor` on the real kernel, also where something is missing. */
import assert from "node:assert/strict";
import type { CheckStatus } from "../../cli/commands/doctor/check.ts";
import { schemaText } from "../../cli/schema/mod.ts";
import { compileSchema } from "../json_schema.ts";
import { type IorOptions, runIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { asOrdinaryUser, mounted, overLibraries } from "../kernel_lib/less.ts";

const checkDocument = compileSchema(JSON.parse(await schemaText("doctor")));

interface Listed {
  name: string;
  status: CheckStatus;
  found: string;
  mend: string | null;
}

/** Runs `ior doctor --json`; the checks that have each status, and the found text by name. */
async function examine(options: IorOptions = {}) {
  const { code, stdout, stderr } = await runIor(["doctor", "--json"], options);
  assert.equal(stderr, "");
  const document = JSON.parse(stdout);
  assert.deepEqual(checkDocument(document), []);
  assert.equal(code, document.can_trace ? 0 : 1);
  await nothingLeftBehind();
  const checks: Listed[] = document.checks;
  const having = (wanted: CheckStatus) =>
    checks.filter(({ status }) => status === wanted).map(({ name }) => name);
  const { grant } = document;
  return { code, missing: having("missing"), degraded: having("degraded"), checks, grant };
}

/** A check by its name. */
function named(checks: readonly Listed[], name: string): Listed {
  return checks.find((check) => check.name === name)!;
}

Deno.test("A machine that can trace is said to, after a call was traced", async () => {
  const { code, missing, checks } = await examine();
  assert.deepEqual([code, missing], [0, []]);
  assert.match(named(checks, "trace").found, /found the row of openat\("\/"\)/);
  const { stdout, code: status } = await runIor(["doctor"]);
  assert.equal(status, 0);
  assert.match(stdout, /^ok {8}trace .*\n\nior can trace here\.$/m);
});

Deno.test("An ordinary user is told what is missing and how to get it", async () => {
  const { code, missing, degraded, grant } = await examine(asOrdinaryUser());
  assert.deepEqual([code, missing], [1, ["capabilities", "trace"]]);
  assert.ok(degraded.includes("cost"));
  assert.match(grant.command, /setpriv .*--ambient-caps=-all,\+bpf,\+perfmon env HOME="\$HOME" /);
});

Deno.test("The kernel's count of costs is there for all where root has turned it on", async () => {
  const path = "/proc/sys/kernel/bpf_stats_enabled";
  const before = Deno.readTextFileSync(path);
  Deno.writeTextFileSync(path, "1");
  try {
    const { degraded } = await examine(asOrdinaryUser("+bpf,+perfmon"));
    assert.ok(!degraded.includes("cost"), degraded.join());
  } finally {
    Deno.writeTextFileSync(path, before);
  }
});

Deno.test("Without /sys it is said to be what is missing", async () => {
  const { checks } = await examine({ wrapper: mounted("mount -t tmpfs none /sys") });
  assert.equal(named(checks, "btf").mend, "Mount it: mount -t sysfs sysfs /sys");
});

Deno.test("Root whose capabilities a container has taken away is not told to use sudo", async () => {
  const { checks } = await examine({ wrapper: ["setpriv", "--bounding-set=-bpf,-perfmon,-sys_admin"] });
  assert.match(named(checks, "capabilities").mend ?? "", /docker run --cap-add=BPF --cap-add=PERFMON/);
  assert.match(named(checks, "trace").mend ?? "", /docker run --cap-add=BPF --cap-add=PERFMON/);
});

Deno.test("An ordinary user with two capabilities can trace", async () => {
  const { code, missing, degraded, checks } = await examine(asOrdinaryUser("+bpf,+perfmon"));
  assert.deepEqual([code, missing], [0, []]);
  assert.ok(degraded.includes("cost"), "the kernel's count of costs takes CAP_SYS_ADMIN");
  assert.match(named(checks, "trace").found, /found the row/);
});

for (const [given, lacks] of [["+bpf", "CAP_PERFMON"], ["+perfmon", "CAP_BPF"]]) {
  Deno.test(`With ${given} alone ${lacks} is missing`, async () => {
    const { code, missing, checks } = await examine(asOrdinaryUser(given));
    assert.deepEqual([code, missing], [1, ["capabilities", "trace"]]);
    assert.equal(named(checks, "capabilities").found, `this process lacks ${lacks}`);
  });
}

Deno.test("In a pid namespace of its own ior traces, and says what of the host it cannot select", async () => {
  const wrapper = ["unshare", "--pid", "--fork", "--mount-proc"];
  const { code, degraded } = await examine({ wrapper });
  assert.equal(code, 0);
  assert.ok(degraded.includes("pid_namespace"));
});

Deno.test("In a user namespace of its own nothing can be traced", async () => {
  const { code, missing } = await examine({ wrapper: ["unshare", "--user", "--map-root-user"] });
  assert.deepEqual([code, missing], [1, ["user_namespace", "trace"]]);
});

Deno.test("Without type information its features are unknown, and not missing", async () => {
  const { code, missing, checks } = await examine({
    wrapper: mounted("mount -t tmpfs none /sys/kernel/btf"),
  });
  assert.deepEqual([code, missing], [1, ["btf", "trace"]]);
  assert.equal(named(checks, "ring_buffer").status, "unknown");
});

Deno.test("Without libbpf the package is named", async () => {
  const { code, missing, checks } = await examine({ wrapper: overLibraries("/dev/null") });
  assert.deepEqual([code, missing], [1, ["libbpf", "trace"]]);
  assert.equal(named(checks, "libbpf").mend, "Install it: apt-get install libbpf1");
});
