/** What a guest runs, and what it prints of it. */

/** How a part of a guest's work went: what it printed and its status; `null` when the guest ended before. */
export interface Part {
  output: string;
  status: number;
}

/** What a guest does, in this order. */
export const PARTS = ["kernel", "libbpf", "doctor", "trace", "tests", "report"] as const;

/** Longest for a start of ior, seconds: the emulated processor is some 30 times slower. */
export const START_S = 300;

/** Words of the machine's name in the test runner's report: where the guest writes it. */
const REPORT = "/tmp/report.xml";

/** A shell script that prints every part between two marks. `tests` are paths of test files. */
export function guestScript(tests: readonly string[], filter: string | null, testsS: number): string {
  const commands: Record<typeof PARTS[number], string> = {
    kernel: "uname -r",
    libbpf: "readlink -f /usr/lib/*/libbpf.so.1",
    doctor: `timeout ${START_S} ./ior doctor --json`,
    trace: `timeout ${START_S} ./ior trace --brief -- ls /usr`,
    tests:
      `DENO_DIR=/root/.cache/ior/deno_dir IOR_TEST_PATIENCE=10 timeout ${testsS} deno test --allow-all --no-check ` +
      `--frozen --cached-only --junit-path=${REPORT} ${filter === null ? "" : `--filter '${filter}' `}${
        tests.join(" ")
      }`,
    report: `cat ${REPORT}`,
  };
  return partsScript(commands);
}

/** A shell script that runs each command as a part of its name, between two marks. */
export function partsScript(commands: Readonly<Record<string, string>>): string {
  return Object.entries(commands).map(([part, command]) =>
    `printf '\\n=== ${part}\\n'; ${command}; printf '\\n=== ${part} ended %d\\n' $?\n`
  ).join("");
}

/** The parts that a guest's console has between marks. */
export function readParts(console: string): Map<string, Part> {
  const found = new Map<string, Part>();
  for (const [, part, output, status] of console.matchAll(/^=== (\w+)\n([^]*?)\n?^=== \1 ended (\d+)$/gm)) {
    found.set(part, { output: output.trim(), status: Number(status) });
  }
  return found;
}
