import type { Capture } from "../../bpf/mod.ts";
import type { CallSet } from "../../runtime/filter/mod.ts";
import type { AutoSampler } from "../auto_sampler.ts";
import type { HeldCommand } from "../command.ts";

/** What a session needs of the kernel side, from the load to the end. */
export type TraceCapture = Disposable & Pick<Capture, keyof Capture>;

/** Turns calls on and off. */
export interface CallSwitches {
  /** Whether calls with this number have rows. */
  isCallEnabled(nr: number): boolean;
  /** Turns calls on and off, at once: on are those of the set that the condition of the filter can select. */
  selectCalls(calls: CallSet): void;
}

/** What the phases of a trace hand on. */
export interface TraceParts {
  capture: TraceCapture;
  /** The command, held; `null` for none. */
  command: HeldCommand | null;
  /** Epoch of the filter that the trace begins with. */
  epoch: number;
  /** Size of the ring, bytes. */
  ringBytes: number;
  /** This process takes its turn with others however fast calls come. */
  keepsTurn: boolean;
  /** Makes fewer calls rows while the ring is busy; `null` when rates stay as they are. */
  autoSampler: AutoSampler | null;
}
