import { kernelArch } from "../../bpf/mod.ts";
import { FRONT_VARIABLE } from "./started.ts";

/** Path of the launch helper for this machine, see launch/README.md. */
export function launchHelper(): string {
  return decodeURIComponent(new URL(`../../launch/ior-launch.${kernelArch()}`, import.meta.url).pathname);
}

/** Path of the program that users call: ior itself where it is one file, else the launcher of the checkout. */
export function calledProgram(): string {
  if (Deno.build.standalone) return Deno.execPath();
  return Deno.env.get(FRONT_VARIABLE) ?? launchHelper().replace(/\/launch\/[^/]*$/, "/ior");
}

/** Path of the file that starts ior, which may be given capabilities: ior itself where it is one file. */
export function startingFile(): string {
  return Deno.env.get(FRONT_VARIABLE) ?? launchHelper();
}
