import assert from "node:assert/strict";
import { ROOT } from "./tree.ts";

/** A check that Deno itself makes of the whole project, and a source that it must refuse. */
interface ToolGate {
  name: string;
  args: string[];
  /** Text of a `mod.ts` with the defect. */
  defect: string;
}

const GATES: ToolGate[] = [
  { name: "The project is formatted", args: ["fmt", "--check"], defect: "export const a  =  1" },
  { name: "The project is free of lint", args: ["lint"], defect: "export let a: any = 1;\n" },
  {
    name: "The project's types hold",
    args: ["check", "--frozen"],
    defect: 'export const a: number = "1";\n',
  },
  {
    name: "Everything the doors export is documented",
    args: ["doc", "--lint", "mod.ts"],
    defect: "export interface A {\n  a: number;\n}\n",
  },
];

async function run(args: string[], cwd: string): Promise<{ success: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

for (const { name, args, defect } of GATES) {
  Deno.test(name, async () => {
    const { success, output } = await run(args, ROOT);
    assert.ok(success, `deno ${args.join(" ")} says:\n${output}`);
  });

  Deno.test(`deno ${args.join(" ")} refuses a file with the defect and takes one without`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.copyFile(`${ROOT}/deno.json`, `${folder}/deno.json`);
      await Deno.copyFile(`${ROOT}/deno.lock`, `${folder}/deno.lock`);
      await Deno.writeTextFile(`${folder}/mod.ts`, "/** A number. */\nexport const a = 1;\n");
      const good = await run(args, folder);
      assert.ok(good.success, good.output);
      await Deno.writeTextFile(`${folder}/mod.ts`, defect);
      const bad = await run(args, folder);
      assert.ok(!bad.success, bad.output);
      assert.match(bad.output, /mod\.ts/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
