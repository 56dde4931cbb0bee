import { errorToData } from "../../runtime/errors.ts";
import { columnsBuffer } from "../../runtime/event_batch.ts";
import type { RecorderReply, RecorderRequest } from "../../runtime/recorder_messages.ts";
import { RecordingWriter } from "../recording/recording_writer.ts";
import { checkProtocol, type HostAnswer, started, unknownKind } from "./host_checks.ts";

const WHAT = "recorder worker";

/**
 * Segments that may wait for their device before batches are held back. A device that is slow for a moment must not cost
 * rows; one that is permanently too slow must not accumulate open files.
 */
const MOST_WAITING = 8;

/** Answers the requests of the recorder worker. Knows nothing of workers: plain data in, plain data out. */
export class RecorderHost {
  #writer: RecordingWriter | null = null;

  /** Answers a request; every failure is an answer too. */
  async answer(request: RecorderRequest): Promise<HostAnswer<RecorderReply>> {
    try {
      return await this.#answer(request);
    } catch (error) {
      return plain({ kind: "failed", id: request.id, error: errorToData(error) });
    }
  }

  /** Checks the clock: a segment whose time is over ends, also when no more batches arrive. */
  tick(): void {
    this.#writer?.tick();
  }

  async #answer(request: RecorderRequest): Promise<HostAnswer<RecorderReply>> {
    const { id } = request;
    switch (request.kind) {
      case "hello":
        checkProtocol(WHAT, request.protocol);
        this.#writer = new RecordingWriter(request.config);
        return plain({ kind: "done", id });
      case "start":
        started(WHAT, this.#writer).start(request.start);
        return plain({ kind: "done", id });
      case "ingest": {
        const writer = started(WHAT, this.#writer);
        writer.ingest(request.batch);
        if (writer.waiting > MOST_WAITING) await writer.settled();
        const buffer = columnsBuffer(request.batch.columns);
        return { reply: { kind: "done", id, buffer }, transfer: [buffer] };
      }
      case "update":
        started(WHAT, this.#writer).update(request.header);
        return plain({ kind: "done", id });
      case "cut":
        started(WHAT, this.#writer).cut();
        return plain({ kind: "done", id });
      case "status":
        return plain({ kind: "status", id, status: started(WHAT, this.#writer).status() });
      case "stop":
        return plain({ kind: "status", id, status: await started(WHAT, this.#writer).stop(request.end) });
      case "discard":
        await started(WHAT, this.#writer).discard();
        return plain({ kind: "done", id });
      default:
        throw unknownKind(WHAT, request satisfies never);
    }
  }
}

function plain(reply: RecorderReply): HostAnswer<RecorderReply> {
  return { reply, transfer: [] };
}
