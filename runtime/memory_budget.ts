/**
 * What a trace takes of memory at most, bytes, however long it runs: below 160 MB in all, with the default options and a
 * report at the end. Measured in 2026-11 with Deno 2.9.6 on x86_64; a test measures the names and the tables again. The
 * tables have what the other parts leave.
 */
export const MEMORY_BUDGET = {
  /**
   * Program and libraries of the runtime, mapped from files: other processes that run it share them. A start has 25 MB more,
   * before there are names and rows.
   */
  program: 29_500_000,
  /** The buffer between the kernel and ior, with the default size. */
  buffer: 17_500_000,
  /** Cells in which the kernel adds calls up, and chunks of their histograms. */
  sums: 6_900_000,
  /** Runtime, libbpf and the heaps of two threads before the first call. */
  idle: 37_000_000,
  /**
   * Names of the last 32,768 tasks, 32 bytes each, and of 65,536 files, 90 bytes with a path of 60 characters, on the side
   * of the decoder and on that of the statistics; 16,384 paths given as arguments, 290 bytes for both sides and the index.
   */
  names: 2 * (32_768 * 32 + 65_536 * 90) + 16_384 * 290,
  /** Rows of all tables of the statistics, about 350 bytes each and up to a kilobyte with many different latencies. */
  tables: 9_000_000,
  /** Latencies, gaps and sizes of a hundred different calls, and of those of them that waited: 6.3 kB each. */
  calls: 3_800_000,
  /** A dozen batches under way, 254 kB each. */
  batches: 3_100_000,
  /**
   * Garbage until the next collection, a fifth of the heaps and the youngest objects, compiled code, and room at the end of
   * columns.
   */
  slack: 20_000_000,
  /**
   * What the runtime allocates for itself meanwhile, and free memory between blocks in use: whole pages of it go back to
   * the system every ten seconds, and come again.
   */
  gaps: 14_000_000,
} as const;
