import type { RuntimePublisher, TraceContext, TraceRuntimeBindings } from "../runtime/contracts.ts";
import { type CallSet, cloneFilter, type Filter } from "../runtime/filter/mod.ts";

/** What a context carries; not to be changed. */
interface Carried {
  bindings?: TraceRuntimeBindings;
  filter?: Filter;
  calls?: CallSet;
}

/** An immutable {@linkcode TraceContext}: filter and calls are copied on the way in and on the way out. */
class ImmutableTraceContext implements TraceContext {
  readonly #carried: Carried;

  constructor(carried: Carried) {
    this.#carried = carried;
  }

  bindings(): TraceRuntimeBindings | undefined {
    return this.#carried.bindings;
  }

  publisher(): RuntimePublisher | undefined {
    return this.#carried.bindings;
  }

  filter(): Filter | undefined {
    const { filter } = this.#carried;
    return filter && cloneFilter(filter);
  }

  calls(): CallSet | undefined {
    return structuredClone(this.#carried.calls);
  }

  withBindings(bindings: TraceRuntimeBindings): TraceContext {
    return new ImmutableTraceContext({ ...this.#carried, bindings });
  }

  withFilter(filter: Filter): TraceContext {
    return new ImmutableTraceContext({ ...this.#carried, filter: cloneFilter(filter) });
  }

  withCalls(calls: CallSet | null): TraceContext {
    return new ImmutableTraceContext({ ...this.#carried, calls: structuredClone(calls ?? undefined) });
  }
}

/** A context without bindings, filter and calls. */
export function emptyTraceContext(): TraceContext {
  return new ImmutableTraceContext({});
}
