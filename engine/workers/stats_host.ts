import { errorToData, IorError } from "../../runtime/errors.ts";
import { columnsBuffer } from "../../runtime/event_batch.ts";
import { PROTOCOL_VERSION, type StatsReply, type StatsRequest } from "../../runtime/messages.ts";
import { StatsEngine } from "../stats/stats_engine.ts";

/** An answer and the buffers to transfer with it. */
export interface HostAnswer {
  reply: StatsReply;
  transfer: ArrayBuffer[];
}

/** What the stats worker does with a request. Knows nothing of workers: plain data in, plain data out. */
export class StatsHost {
  #engine: StatsEngine | null = null;

  /** Answers a request; every failure is an answer too. */
  answer(request: StatsRequest): HostAnswer {
    try {
      return this.#answer(request);
    } catch (error) {
      return { reply: { kind: "failed", id: request.id, error: errorToData(error) }, transfer: [] };
    }
  }

  #answer(request: StatsRequest): HostAnswer {
    const { id } = request;
    switch (request.kind) {
      case "hello":
        checkProtocol(request.protocol);
        this.#engine = new StatsEngine(request.config);
        return { reply: { kind: "done", id }, transfer: [] };
      case "ingest": {
        this.#started().ingest(request.batch);
        const buffer = columnsBuffer(request.batch.columns);
        return { reply: { kind: "done", id, buffer }, transfer: [buffer] };
      }
      case "ingest_cells":
        this.#started().ingestCells(request.cells);
        return { reply: { kind: "done", id }, transfer: [] };
      case "snapshot": {
        const snapshot = this.#started().snapshot();
        if (request.reset) this.#started().reset();
        return { reply: { kind: "snapshot", id, snapshot }, transfer: [] };
      }
      case "reset":
        this.#started().reset();
        return { reply: { kind: "done", id }, transfer: [] };
      default:
        throw unknownKind(request satisfies never);
    }
  }

  #started(): StatsEngine {
    if (this.#engine !== null) return this.#engine;
    throw new IorError("runtime", "Cannot use the stats worker: the first message must be `hello`");
  }
}

function checkProtocol(found: number): void {
  if (found === PROTOCOL_VERSION) return;
  throw new IorError(
    "runtime",
    `Cannot start the stats worker: the message protocol is ${found}, it must be ${PROTOCOL_VERSION}`,
    { hint: "Use files of one version of ior only" },
  );
}

function unknownKind(request: { kind: unknown }): IorError {
  return new IorError(
    "runtime",
    `Cannot answer a message to the stats worker: its kind is ${String(request.kind)}`,
  );
}
