import { machineArch } from "../../bpf/mod.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import type { BatchReader } from "../batch_consumer.ts";
import { HeldCommand } from "../command.ts";
import { RowBuilder } from "../event_rows.ts";
import { launchHelper } from "../launch/helper.ts";
import { prepare } from "./prepare.ts";

/** A call that was made and found. */
export interface TriedCall {
  syscall: string;
  path: string;
}

/** The call that is looked for, which the command below makes. */
const CALL: TriedCall = { syscall: "openat", path: "/" };

/** Larger than the few records of one short command. */
const RING_BYTES = 256 * 1024;

/** Longest wait for the command, which takes milliseconds. */
const DEADLINE_NS = 10e9;

/** Looks for the call among the rows. */
class CallFinder implements BatchReader {
  readonly keepsColumns = false;
  readonly canIngest = true;
  readonly #rows = new RowBuilder(machineArch());
  isFound = false;

  room(): Promise<void> {
    return Promise.resolve();
  }

  ingest(batch: EventBatch): void {
    this.#rows.apply(batch);
    for (let i = 0; i < batch.length; i++) {
      const { syscall, path, failed } = this.#rows.row(i);
      if (syscall === CALL.syscall && path === CALL.path && !failed) this.isFound = true;
    }
  }
}

/**
 * Traces for a moment: loads and attaches the programs, starts the launch helper, which opens a directory and ends, and
 * looks for the row of that call. Leaves nothing in the kernel.
 *
 * @returns The call, `null` when it has no row.
 * @throws {IorError} When the trace cannot be started.
 */
export async function tryTrace(): Promise<TriedCall | null> {
  const argv = [launchHelper(), "ours", CALL.path];
  using command = HeldCommand.start({ argv, stdoutToStderr: true, user: null, environment: null });
  const selection = { ...emptyFilter(), syscalls: [CALL.syscall] };
  await using prepared = await prepare({ selection, ringBytes: RING_BYTES, command });
  const finder = new CallFinder();
  await prepared.attach().run([finder], DEADLINE_NS).ended;
  return finder.isFound ? CALL : null;
}
