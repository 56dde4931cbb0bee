/** An architecture as Debian, GNU, Deno and qemu call it. */
export interface Architecture {
  debian: "amd64" | "arm64";
  /** Prefix of the compiler and of library folders. */
  gnu: string;
  deno: typeof Deno.build.arch;
  /** npm's package with Deno, for guests of another architecture than the host's. */
  denoPackage: string;
  emulator: string;
  /** Debian's package with the emulator, and that with the compiler and its C library. */
  emulatorPackage: string;
  compilerPackages: string[];
  /** Options of the emulator that choose the machine and processor. */
  options: string[];
  /** The kernel's name of the console that the emulator prints. */
  console: string;
}

const AMD64: Architecture = {
  debian: "amd64",
  gnu: "x86_64-linux-gnu",
  deno: "x86_64",
  denoPackage: "@deno/linux-x64-glibc",
  emulator: "qemu-system-x86_64",
  emulatorPackage: "qemu-system-x86",
  compilerPackages: ["gcc", "libc6-dev"],
  options: ["-M", "q35", "-cpu", "max"],
  console: "ttyS0",
};

const ARM64: Architecture = {
  debian: "arm64",
  gnu: "aarch64-linux-gnu",
  deno: "aarch64",
  denoPackage: "@deno/linux-arm64-glibc",
  emulator: "qemu-system-aarch64",
  emulatorPackage: "qemu-system-arm",
  compilerPackages: ["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
  // A processor with the atomic instructions of version 8.1, without pointer authentication, which is slow to emulate.
  options: ["-M", "virt", "-cpu", "neoverse-n1"],
  console: "ttyAMA0",
};

/** A kernel to boot, with the packages of its release around it: their libbpf is what ior meets there. */
export interface Machine {
  name: string;
  /** Debian's release. */
  suite: string;
  arch: Architecture;
}

export const MACHINES: readonly Machine[] = [AMD64, ARM64].flatMap((arch) =>
  ["bookworm", "trixie", "sid"].map((suite) => ({ name: `${suite}-${arch.debian}`, suite, arch }))
);

/** The machines of these names, all without any; ends the process when one is unknown. */
export function machinesNamed(names: readonly string[], among = MACHINES): Machine[] {
  const known = among.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`Unknown kernel ${unknown.join(", ")}; known are ${known.join(", ")}`);
    Deno.exit(2);
  }
  return among.filter(({ name }) => names.length === 0 || names.includes(name));
}
