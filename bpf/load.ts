import { IorError } from "../runtime/errors.ts";
import { FfiError } from "./ffi/errors.ts";
import type { Libbpf } from "./ffi/libbpf.ts";
import { kernelArch } from "./machine.ts";
import { type LoadedObject, type LoadOptions, OpenedObject, ringRefused } from "./object.ts";
import type { KeptPrograms } from "./prepared.ts";

/** What libbpf says when the kernel does not make the ring. */
const RING_REFUSED = /map 'ring': failed to create/;

/** What libbpf says when not even its smallest program is loaded: it is not the programs that the kernel refuses. */
const NOTHING_LOADED = /Couldn't load trivial BPF program/;
const EPERM = 1;

/** Bytes of the kernel object for this machine. */
export function readObject(): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`./ior.${kernelArch()}.bpf.o`, import.meta.url));
}

/**
 * Loads the programs and maps into the kernel.
 *
 * @param kept Where they are if they were prepared before, and are kept for the next load if not; `null` for libbpf's work.
 * @throws {IorError} When the kernel refuses them; the detail is libbpf's log with the verifier's.
 */
export async function loadPrograms(
  libbpf: Libbpf,
  options: LoadOptions,
  kept: KeptPrograms | null = null,
): Promise<LoadedObject> {
  const prepared = await kept?.load(libbpf, options);
  if (prepared) return prepared;
  const prepare = kept?.makeFolder() ? (await import("./prepare.ts")).prepareFrom : null;
  try {
    return openAndLoad(libbpf, options, (object) => {
      if (kept && prepare) kept.keep(options, () => prepare(libbpf, object, kept.boot, options));
    });
  } catch (error) {
    if (!(error instanceof FfiError)) throw error;
  }
  // Once more, to hear why not.
  try {
    return libbpf.withLog(() => openAndLoad(libbpf, options));
  } catch (cause) {
    if (!(cause instanceof FfiError)) throw cause;
    const detail = cause.detail ?? "";
    if (RING_REFUSED.test(detail)) throw ringRefused(options.maxEntries.ring, cause);
    if (cause.errno === EPERM && NOTHING_LOADED.test(detail)) throw notPermitted(cause);
    const message = `The kernel refuses the programs: ${cause.message}`;
    throw new IorError("unsupported", message, { reason: "programs_refused", detail, cause });
  }
}

function openAndLoad(
  libbpf: Libbpf,
  options: LoadOptions,
  read?: (object: Deno.PointerObject) => void,
): LoadedObject {
  using opened = new OpenedObject(libbpf, options.bytes);
  opened.setSection(".rodata.config", options.config);
  for (const [map, entries] of Object.entries(options.maxEntries)) opened.setMaxEntries(map, entries);
  for (const program of options.leftOut) opened.leaveOut(program);
  opened.passOverModules("ior_enter");
  return opened.load(read);
}

/** The error of a system that forbids bpf(2) to a process with the capabilities for it. */
function notPermitted(cause: FfiError): IorError {
  const message = "Cannot trace: this system does not permit bpf(2), although the capabilities are there";
  const hint = "Look for what forbids it: a container's seccomp profile, a security module, or lockdown";
  return new IorError("privilege", message, { hint, detail: cause.detail, cause });
}
