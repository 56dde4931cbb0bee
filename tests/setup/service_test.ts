import assert from "node:assert/strict";
import { ROOT } from "../gates/tree.ts";

/** The unit with a program that is there. */
function unitWith(program: string): string {
  const folder = Deno.makeTempDirSync({ prefix: "ior-unit-" });
  const text = Deno.readTextFileSync(`${ROOT}/setup/ior.service`);
  assert.match(text, /^ExecStart=\/usr\/bin\/ior serve --listen 127\.0\.0\.1:\d+$/m);
  Deno.writeTextFileSync(`${folder}/ior.service`, text.replace("/usr/bin/ior", program));
  return `${folder}/ior.service`;
}

function analyze(...args: string[]): { code: number; text: string } {
  const { code, stdout, stderr } = new Deno.Command("systemd-analyze", { args }).outputSync();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** systemd is no package that a container has. */
function hasSystemd(): boolean {
  try {
    return analyze("--version").code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const HAS_SYSTEMD = hasSystemd();

Deno.test({
  name: "systemd understands every line of the unit, and finds it contained" +
    (HAS_SYSTEMD ? "" : " (skipped: this machine has no systemd-analyze)"),
  ignore: !HAS_SYSTEMD,
  fn() {
    const unit = unitWith("/bin/true");
    assert.deepEqual(analyze("verify", "--man=no", unit), { code: 0, text: "" });
    // 2.0 of 10 are what capabilities, a network and a compiler at run time cost at least.
    const judged = analyze("security", "--offline=true", "--threshold=20", "--no-pager", unit);
    assert.equal(judged.code, 0, judged.text);
  },
});
