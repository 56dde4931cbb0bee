import { checkProtocol, type HostAnswer, started, unknownKind } from "../../../engine/workers/host_checks.ts";
import { errorToData } from "../../../runtime/errors.ts";
import { columnsBuffer } from "../../../runtime/event_batch.ts";
import { ByteText } from "../byte_text.ts";
import type { CallWriter } from "../call_writer.ts";
import { rowFormat } from "../format.ts";
import type { RowsReply, RowsRequest } from "./rows_messages.ts";

const WHAT = "rows worker";

/** Answers the requests of the rows worker. Knows nothing of workers: plain data in, plain data out. */
export class RowsHost {
  #calls: CallWriter | null = null;
  #text = new ByteText();

  /** Answers a request; every failure is an answer too. */
  answer(request: RowsRequest): HostAnswer<RowsReply> {
    try {
      return this.#answer(request);
    } catch (error) {
      return { reply: { kind: "failed", id: request.id, error: errorToData(error) }, transfer: [] };
    }
  }

  #answer(request: RowsRequest): HostAnswer<RowsReply> {
    const { id } = request;
    switch (request.kind) {
      case "hello": {
        checkProtocol(WHAT, request.protocol);
        const { arch, format, options } = request.config;
        this.#calls = rowFormat(format, options).calls(arch);
        return { reply: { kind: "done", id }, transfer: [] };
      }
      case "ingest": {
        const calls = started(WHAT, this.#calls);
        const { batch, memory } = request;
        calls.apply(batch);
        for (let i = 0; i < batch.length; i++) calls.write(i, this.#text);
        const text = this.#text.takeMemory(memory);
        const buffer = columnsBuffer(batch.columns);
        return { reply: { kind: "done", id, buffer, text }, transfer: [buffer, text.buffer] };
      }
      default:
        throw unknownKind(WHAT, request satisfies never);
    }
  }
}
