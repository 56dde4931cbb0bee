/** The user side by itself: reader and decoder, stats engine and live trie, on what a real loop puts into a real ring. */
import { Capture, machineArch } from "../../bpf/mod.ts";
import { FlameTrie } from "../../engine/flame/flame_trie.ts";
import { StatsEngine } from "../../engine/stats/stats_engine.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import { MAX_TRIE_NODES } from "../../runtime/flame_messages.ts";
import { STATS_LIMITS } from "../../runtime/messages.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { userBudgetRatio } from "./budgets.ts";
import { type Loop, loopCommand, runBare } from "./loops.ts";

const LOOPS: readonly Loop[] = ["read-write", "open-fstat-read-close", "stat", "mix"];

/** Seconds of a loop. */
const LOOP_S = 0.3;

/** Nanoseconds per call. */
interface UserSideCost {
  readerNs: number;
  statsNs: number;
  flameNs: number;
  calls: number;
}

/** A line for each loop; the ratios are to an untraced call of the loop with the shortest ones. */
export async function userSideLines(program: string): Promise<string[]> {
  const lines: string[] = [];
  for (const loop of LOOPS) {
    const bare = await runBare({ program, cpus: 1, seconds: LOOP_S, loops: ["read-write"] });
    const bareNs = bare.get("read-write")!.nsPerCall;
    const { readerNs, statsNs, flameNs, calls } = await measureUserSide(program, loop);
    const text = (ns: number, budgetNs: number) =>
      `${(ns / bareNs).toFixed(2)}x (budget ${userBudgetRatio(budgetNs).toFixed(2)}x), ${ns.toFixed(0)} ns`;
    lines.push(
      `  ${loop}: reader and decoder ${text(readerNs, 40)}; stats ${text(statsNs, 60)}; flame trie ${
        text(flameNs, 50)
      }; ${calls} calls`,
    );
  }
  return lines;
}

/** Records a loop for some time, then reads and counts it. */
async function measureUserSide(program: string, loop: Loop): Promise<UserSideCost> {
  const arch = machineArch();
  const selection = emptyFilter();
  selection.syscalls = SYSCALLS.filter((call) => call.family === "FS").map(({ name }) => name);
  let cost: UserSideCost | null = null;
  // The first rounds warm the compiler up; the figures are those of the last.
  for (let round = 0; round < 4; round++) {
    using capture = await Capture.load({
      selection,
      launches: true,
      ringBytes: 128 * 1024 * 1024,
      sequencer: new RowSequencer(),
      epoch: 1,
    });
    const child = new Deno.Command("sh", {
      args: [
        "-c",
        `read go; exec "$0" "$@"`,
        ...loopCommand({ program, cpus: 1, seconds: LOOP_S, loops: [loop] }),
      ],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    capture.addProcess(child.pid, 1);
    capture.attach();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("go\n"));
    await writer.close();
    await child.status;
    cost = readAndCount(
      capture,
      new StatsEngine({ arch, ...STATS_LIMITS }),
      new FlameTrie({
        arch,
        fields: ["comm", "syscall", "path"],
        metric: "duration",
        maxNodes: MAX_TRIE_NODES,
      }),
    );
    capture.disable();
  }
  return cost!;
}

function readAndCount(capture: Capture, engine: StatsEngine, trie: FlameTrie): UserSideCost {
  let readerMs = 0;
  let statsMs = 0;
  let flameMs = 0;
  let calls = 0;
  for (let full = true; full;) {
    const start = performance.now();
    const drained = capture.drain();
    const read = performance.now();
    full = drained.full;
    if (!drained.batch) continue;
    engine.ingest(drained.batch);
    const counted = performance.now();
    trie.ingest(drained.batch);
    flameMs += performance.now() - counted;
    statsMs += counted - read;
    readerMs += read - start;
    calls += drained.batch.length;
    capture.recycle(drained.batch.columns);
  }
  const perCall = (ms: number) => ms * 1e6 / calls;
  return { readerNs: perCall(readerMs), statsNs: perCall(statsMs), flameNs: perCall(flameMs), calls };
}
