import type { RuntimePublisher, TraceContext, TraceRuntimeBindings } from "../runtime/contracts.ts";
import { cloneFilter, type Filter } from "../runtime/filter/mod.ts";

/** An immutable {@linkcode TraceContext}: the filter is copied on the way in and on the way out. */
class ImmutableTraceContext implements TraceContext {
  readonly #bindings?: TraceRuntimeBindings;
  readonly #filter?: Filter;

  constructor(bindings?: TraceRuntimeBindings, filter?: Filter) {
    this.#bindings = bindings;
    this.#filter = filter && cloneFilter(filter);
  }

  bindings(): TraceRuntimeBindings | undefined {
    return this.#bindings;
  }

  publisher(): RuntimePublisher | undefined {
    return this.#bindings;
  }

  filter(): Filter | undefined {
    return this.#filter && cloneFilter(this.#filter);
  }

  withBindings(bindings: TraceRuntimeBindings): TraceContext {
    return new ImmutableTraceContext(bindings, this.#filter);
  }

  withFilter(filter: Filter): TraceContext {
    return new ImmutableTraceContext(this.#bindings, filter);
  }
}

/** A context with neither bindings nor filter. */
export function emptyTraceContext(): TraceContext {
  return new ImmutableTraceContext();
}
