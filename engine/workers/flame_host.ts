import { setImmediate } from "node:timers/promises";
import { errorToData } from "../../runtime/errors.ts";
import { columnsBuffer } from "../../runtime/event_batch.ts";
import type { FlameReply, FlameRequest } from "../../runtime/flame_messages.ts";
import type { RowBuilder } from "../event_rows.ts";
import { FlameTrie } from "../flame/flame_trie.ts";
import { treeJson, treeOf } from "../flame/tree.ts";
import { checkProtocol, type HostAnswer, started, unknownKind } from "./host_checks.ts";

const WHAT = "flame worker";

/**
 * Answers the requests of the flame worker. Knows nothing of workers: plain data in, plain data out. Requests take effect in
 * the order of the calls; the answer to a snapshot may come after the answers to later requests, which do not wait for it.
 */
export class FlameHost {
  readonly #turn: () => Promise<unknown>;
  readonly #rows: RowBuilder | undefined;
  #trie: FlameTrie | null = null;

  /**
   * `turn` lets other requests in between two slices of the work on a snapshot. `rows` has the names of the batches; default
   * is one of its own.
   */
  constructor(turn: () => Promise<unknown> = () => setImmediate(), rows?: RowBuilder) {
    this.#turn = turn;
    this.#rows = rows;
  }

  /** Answers a request; every failure is an answer too. */
  async answer(request: FlameRequest): Promise<HostAnswer<FlameReply>> {
    try {
      return await this.#answer(request);
    } catch (error) {
      return { reply: { kind: "failed", id: request.id, error: errorToData(error) }, transfer: [] };
    }
  }

  #answer(request: FlameRequest): HostAnswer<FlameReply> | Promise<HostAnswer<FlameReply>> {
    const { id } = request;
    switch (request.kind) {
      case "hello":
        checkProtocol(WHAT, request.protocol);
        this.#trie = new FlameTrie(request.config, this.#rows);
        return plain({ kind: "done", id });
      case "ingest": {
        started(WHAT, this.#trie).ingest(request.batch);
        const buffer = columnsBuffer(request.batch.columns);
        return { reply: { kind: "done", id, buffer }, transfer: [buffer] };
      }
      case "ingest_cells":
        started(WHAT, this.#trie).ingestCells(request.cells);
        return plain({ kind: "done", id });
      case "reset":
        started(WHAT, this.#trie).reset();
        return plain({ kind: "done", id });
      case "reconfigure":
        started(WHAT, this.#trie).reconfigure(request.fields);
        return plain({ kind: "done", id });
      case "set_count_field":
        started(WHAT, this.#trie).setCountField(request.metric);
        return plain({ kind: "done", id });
      case "state": {
        const trie = started(WHAT, this.#trie);
        const state = { version: trie.version(), fields: trie.fields(), metric: trie.countField() };
        return plain({ kind: "state", id, state });
      }
      case "profile": {
        const profile = started(WHAT, this.#trie).profile();
        const columns = [profile.parent, profile.field, profile.name, ...Object.values(profile.own)];
        return {
          reply: { kind: "profile", id, profile },
          transfer: columns.map(({ buffer }) => buffer as ArrayBuffer),
        };
      }
      case "tree":
        return this.#tree(id);
      case "json":
        return this.#json(id);
      default:
        throw unknownKind(WHAT, request satisfies never);
    }
  }

  async #tree(id: number): Promise<HostAnswer<FlameReply>> {
    const copy = started(WHAT, this.#trie).copy();
    const root = await this.#inSlices(treeOf(copy));
    return plain({ kind: "tree", id, version: copy.version, root });
  }

  async #json(id: number): Promise<HostAnswer<FlameReply>> {
    const copy = started(WHAT, this.#trie).copy();
    const json = await this.#inSlices(treeJson(copy));
    return plain({ kind: "json", id, version: copy.version, json });
  }

  async #inSlices<T>(work: Generator<void, T>): Promise<T> {
    for (let step = work.next();; step = work.next()) {
      if (step.done) return step.value;
      await this.#turn();
    }
  }
}

function plain(reply: FlameReply): HostAnswer<FlameReply> {
  return { reply, transfer: [] };
}
