import { errorToData, IorError } from "../../runtime/errors.ts";
import { columnsBuffer } from "../../runtime/event_batch.ts";
import { PROTOCOL_VERSION } from "../../runtime/messages.ts";
import type { RecorderReply, RecorderRequest } from "../../runtime/recorder_messages.ts";
import { RecordingWriter } from "../recording/recording_writer.ts";

/**
 * Segments that may wait for their device before batches are held back. A device that is slow for a moment shall not cost
 * rows; one that is too slow for good must not gather open files.
 */
const MOST_WAITING = 8;

/** An answer and the buffers to transfer with it. */
export interface RecorderAnswer {
  reply: RecorderReply;
  transfer: ArrayBuffer[];
}

/** What the recorder worker does with a request. Knows nothing of workers: plain data in, plain data out. */
export class RecorderHost {
  #writer: RecordingWriter | null = null;

  /** Answers a request; every failure is an answer too. */
  async answer(request: RecorderRequest): Promise<RecorderAnswer> {
    try {
      return await this.#answer(request);
    } catch (error) {
      return plain({ kind: "failed", id: request.id, error: errorToData(error) });
    }
  }

  /** Looks at the clock: a segment whose time is over ends, also when no batch comes any more. */
  tick(): void {
    this.#writer?.tick();
  }

  async #answer(request: RecorderRequest): Promise<RecorderAnswer> {
    const { id } = request;
    switch (request.kind) {
      case "hello":
        checkProtocol(request.protocol);
        this.#writer = new RecordingWriter(request.config);
        return plain({ kind: "done", id });
      case "start":
        this.#opened().start(request.start);
        return plain({ kind: "done", id });
      case "ingest": {
        const writer = this.#opened();
        writer.ingest(request.batch);
        if (writer.waiting > MOST_WAITING) await writer.settled();
        const buffer = columnsBuffer(request.batch.columns);
        return { reply: { kind: "done", id, buffer }, transfer: [buffer] };
      }
      case "update":
        this.#opened().update(request.header);
        return plain({ kind: "done", id });
      case "status":
        return plain({ kind: "status", id, status: this.#opened().status() });
      case "stop":
        return plain({ kind: "status", id, status: await this.#opened().stop(request.end) });
      case "discard":
        await this.#opened().discard();
        return plain({ kind: "done", id });
      default:
        throw unknownKind(request satisfies never);
    }
  }

  #opened(): RecordingWriter {
    if (this.#writer !== null) return this.#writer;
    throw new IorError("runtime", "Cannot use the recorder worker: the first message must be `hello`");
  }
}

function plain(reply: RecorderReply): RecorderAnswer {
  return { reply, transfer: [] };
}

function checkProtocol(found: number): void {
  if (found === PROTOCOL_VERSION) return;
  throw new IorError(
    "runtime",
    `Cannot start the recorder worker: the message protocol is ${found}, it must be ${PROTOCOL_VERSION}`,
    { hint: "Use files of one version of ior only" },
  );
}

function unknownKind(request: { kind: unknown }): IorError {
  return new IorError(
    "runtime",
    `Cannot answer a message to the recorder worker: its kind is ${String(request.kind)}`,
  );
}
