/** How V8 keeps the heap of ior, see `launch/run.h`: a test compares the two. */
export const HEAP =
  "--v8-flags=--max-semi-space-size=1,--heap-growing-percent=20,--optimize-for-size,--no-memory-reducer";
