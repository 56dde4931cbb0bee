import { errorToData } from "../../runtime/errors.ts";
import { columnsBuffer } from "../../runtime/event_batch.ts";
import type { StatsReply, StatsRequest } from "../../runtime/messages.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";
import type { RowBuilder } from "../event_rows.ts";
import { StatsEngine } from "../stats/stats_engine.ts";
import { checkProtocol, type HostAnswer, started, unknownKind } from "./host_checks.ts";

const WHAT = "stats worker";

/** Answers the requests of the stats worker. Knows nothing of workers: plain data in, plain data out. */
export class StatsHost {
  readonly #rows: RowBuilder | undefined;
  #engine: StatsEngine | null = null;

  /** `rows` has the names of the batches; default is one of its own. */
  constructor(rows?: RowBuilder) {
    this.#rows = rows;
  }

  /** Answers a request; every failure is an answer too. */
  answer(request: StatsRequest): HostAnswer<StatsReply> {
    try {
      return this.#answer(request);
    } catch (error) {
      return { reply: { kind: "failed", id: request.id, error: errorToData(error) }, transfer: [] };
    }
  }

  #answer(request: StatsRequest): HostAnswer<StatsReply> {
    const { id } = request;
    switch (request.kind) {
      case "hello":
        checkProtocol(WHAT, request.protocol);
        this.#engine = new StatsEngine(request.config, this.#rows);
        return { reply: { kind: "done", id }, transfer: [] };
      case "ingest": {
        const engine = started(WHAT, this.#engine);
        engine.ingest(request.batch);
        const buffer = columnsBuffer(request.batch.columns);
        return { reply: { kind: "done", id, buffer, slow: engine.slow }, transfer: [buffer] };
      }
      case "ingest_cells":
        started(WHAT, this.#engine).ingestCells(request.cells);
        return { reply: { kind: "done", id }, transfer: [] };
      case "snapshot": {
        const snapshot = started(WHAT, this.#engine).snapshot(request.request);
        if (request.reset) started(WHAT, this.#engine).reset(request.sinceNs);
        return { reply: { kind: "snapshot", id, snapshot }, transfer: sharedRoom(snapshot) };
      }
      case "sums": {
        const sums = started(WHAT, this.#engine).sums(request.latencyEnds);
        const transfer = [sums.syscalls.values.buffer];
        if (sums.commands !== null) transfer.push(sums.commands.values.buffer);
        return { reply: { kind: "sums", id, sums }, transfer };
      }
      case "reset":
        started(WHAT, this.#engine).reset(request.sinceNs);
        return { reply: { kind: "done", id }, transfer: [] };
      default:
        throw unknownKind(WHAT, request satisfies never);
    }
  }
}

/** The few buffers that the histograms of groups share: sent as they are, they need not be there three times. */
function sharedRoom({ groups }: StatsSnapshot): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { latency } of groups.flatMap(({ rows, other }) => other === null ? rows : [...rows, other])) {
    buffers.add(latency.indexes.buffer as ArrayBuffer).add(latency.counts.buffer as ArrayBuffer);
  }
  return [...buffers];
}
