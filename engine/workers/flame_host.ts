import { setImmediate } from "node:timers/promises";
import { errorToData, IorError } from "../../runtime/errors.ts";
import { columnsBuffer } from "../../runtime/event_batch.ts";
import type { FlameReply, FlameRequest } from "../../runtime/flame_messages.ts";
import { PROTOCOL_VERSION } from "../../runtime/messages.ts";
import { FlameTrie } from "../flame/flame_trie.ts";
import { treeJson, treeOf } from "../flame/tree.ts";

/** An answer and the buffers to transfer with it. */
export interface FlameAnswer {
  reply: FlameReply;
  transfer: ArrayBuffer[];
}

/**
 * What the flame worker does with a request. Knows nothing of workers: plain data in, plain data out. Requests take effect in
 * the order of the calls; the answer to a snapshot may come later than those to requests behind it, which do not wait
 * for it.
 */
export class FlameHost {
  readonly #turn: () => Promise<unknown>;
  #trie: FlameTrie | null = null;

  /** `turn` lets other requests be taken in, between two slices of the work on a snapshot. */
  constructor(turn: () => Promise<unknown> = () => setImmediate()) {
    this.#turn = turn;
  }

  /** Answers a request; every failure is an answer too. */
  async answer(request: FlameRequest): Promise<FlameAnswer> {
    try {
      return await this.#answer(request);
    } catch (error) {
      return { reply: { kind: "failed", id: request.id, error: errorToData(error) }, transfer: [] };
    }
  }

  #answer(request: FlameRequest): FlameAnswer | Promise<FlameAnswer> {
    const { id } = request;
    switch (request.kind) {
      case "hello":
        checkProtocol(request.protocol);
        this.#trie = new FlameTrie(request.config);
        return plain({ kind: "done", id });
      case "ingest": {
        this.#started().ingest(request.batch);
        const buffer = columnsBuffer(request.batch.columns);
        return { reply: { kind: "done", id, buffer }, transfer: [buffer] };
      }
      case "reset":
        this.#started().reset();
        return plain({ kind: "done", id });
      case "reconfigure":
        this.#started().reconfigure(request.fields);
        return plain({ kind: "done", id });
      case "set_count_field":
        this.#started().setCountField(request.metric);
        return plain({ kind: "done", id });
      case "state": {
        const trie = this.#started();
        const state = { version: trie.version(), fields: trie.fields(), metric: trie.countField() };
        return plain({ kind: "state", id, state });
      }
      case "profile": {
        const profile = this.#started().profile();
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
        throw unknownKind(request satisfies never);
    }
  }

  async #tree(id: number): Promise<FlameAnswer> {
    const copy = this.#started().copy();
    const root = await this.#inSlices(treeOf(copy));
    return plain({ kind: "tree", id, version: copy.version, root });
  }

  async #json(id: number): Promise<FlameAnswer> {
    const copy = this.#started().copy();
    const json = await this.#inSlices(treeJson(copy));
    return plain({ kind: "json", id, version: copy.version, json });
  }

  async #inSlices<T>(work: Generator<void, T>): Promise<T> {
    for (let step = work.next();; step = work.next()) {
      if (step.done) return step.value;
      await this.#turn();
    }
  }

  #started(): FlameTrie {
    if (this.#trie !== null) return this.#trie;
    throw new IorError("runtime", "Cannot use the flame worker: the first message must be `hello`");
  }
}

function plain(reply: FlameReply): FlameAnswer {
  return { reply, transfer: [] };
}

function checkProtocol(found: number): void {
  if (found === PROTOCOL_VERSION) return;
  throw new IorError(
    "runtime",
    `Cannot start the flame worker: the message protocol is ${found}, it must be ${PROTOCOL_VERSION}`,
    { hint: "Use files of one version of ior only" },
  );
}

function unknownKind(request: { kind: unknown }): IorError {
  return new IorError(
    "runtime",
    `Cannot answer a message to the flame worker: its kind is ${String(request.kind)}`,
  );
}
