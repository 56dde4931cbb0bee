import { kernelArch, OwnProcess } from "../../bpf/mod.ts";
import { FRONT_VARIABLE } from "./started.ts";
import { environmentTexts } from "./words.ts";

/** Path of the launch helper for this machine, see launch/README.md. */
export function launchHelper(): string {
  return decodeURIComponent(new URL(`../../launch/ior-launch.${kernelArch()}`, import.meta.url).pathname);
}

/** Path of the program that users call: ior itself where it is one file, else the launcher of the checkout. */
export function calledProgram(): string {
  if (Deno.build.standalone) return Deno.execPath();
  return front() ?? launchHelper().replace(/\/launch\/[^/]*$/, "/ior");
}

/** Path of the file that starts ior, which may be given capabilities: ior itself where it is one file. */
export function startingFile(): string {
  return front() ?? launchHelper();
}

/** Path of ior's own file where it is one file. The runtime's own way to a variable takes only UTF-8. */
function front(): string | undefined {
  return environmentTexts(OwnProcess.open().environment())[FRONT_VARIABLE];
}
