import type { RuntimePublisher, TraceContext, TraceRuntimeBindings } from "../runtime/contracts.ts";
import { cloneSelection, type Selection } from "../runtime/selection.ts";

/** An immutable {@linkcode TraceContext}: the filter is copied on the way in and on the way out. */
class ImmutableTraceContext implements TraceContext {
  readonly #bindings?: TraceRuntimeBindings;
  readonly #filter?: Selection;

  constructor(bindings?: TraceRuntimeBindings, filter?: Selection) {
    this.#bindings = bindings;
    this.#filter = filter && cloneSelection(filter);
  }

  bindings(): TraceRuntimeBindings | undefined {
    return this.#bindings;
  }

  publisher(): RuntimePublisher | undefined {
    return this.#bindings;
  }

  filter(): Selection | undefined {
    return this.#filter && cloneSelection(this.#filter);
  }

  withBindings(bindings: TraceRuntimeBindings): TraceContext {
    return new ImmutableTraceContext(bindings, this.#filter);
  }

  withFilter(filter: Selection): TraceContext {
    return new ImmutableTraceContext(this.#bindings, filter);
  }
}

/** A context with neither bindings nor filter. */
export function emptyTraceContext(): TraceContext {
  return new ImmutableTraceContext();
}
