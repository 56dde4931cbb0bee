import type { CallCells } from "../../runtime/call_cells.ts";
import { IorError } from "../../runtime/errors.ts";
import { type BatchChannel, WorkerClient } from "./worker_client.ts";

/** The end of a channel that takes batches and sums of calls. */
export interface CountingChannel extends BatchChannel {
  /** Sends sums; resolves when they are counted. */
  tell(request: { kind: "ingest_cells"; cells: CallCells }): Promise<void>;
  /** Ends the worker with a reason, with which everything pending and every later call rejects. */
  end(reason: IorError): void;
}

/** A worker that counts calls, whether it gets them as rows or as sums: stats and flame worker. */
export class CountingClient extends WorkerClient {
  readonly #channel: CountingChannel;

  /** `channel` is the worker's, ready for batches. */
  constructor(channel: CountingChannel) {
    super(channel);
    this.#channel = channel;
  }

  /**
   * Sends sums of calls. Resolves when they are counted; a failure ends the client. They take no room: they are few, and
   * callers wait for each answer before sending the next.
   */
  async ingestCells(cells: CallCells): Promise<void> {
    try {
      await this.#channel.tell({ kind: "ingest_cells", cells });
    } catch (reason) {
      if (reason instanceof IorError) this.#channel.end(reason);
      throw reason;
    }
  }
}
