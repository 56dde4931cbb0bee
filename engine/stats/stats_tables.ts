import { STATS_LIMITS, type StatsConfig } from "../../runtime/messages.ts";
import { directoryOf, DirectorySums } from "./directories.ts";
import type { CommandFacts, FileFacts, ProcessFacts } from "./facts.ts";
import { type GroupSource, GroupTable } from "./group_table.ts";
import { KeyedTable } from "./keyed_table.ts";
import type { MeasureTable } from "./measure_table.ts";
import { Series } from "./series.ts";
import { Slowest } from "./slowest.ts";
import { SyscallTable } from "./syscall_table.ts";
import { FileUses } from "./uses.ts";

/** A table with fewer rows is left alone however much memory all take: what they have is a fraction of a megabyte. */
const MIN_ROWS = 64;

/** Everything that is counted between two resets. All tables have counted the same calls. */
export class StatsTables {
  readonly syscalls: SyscallTable;
  readonly files: KeyedTable<FileFacts>;
  readonly processes: KeyedTable<ProcessFacts>;
  /** The folded processes, by command name. */
  readonly foldedCommands: KeyedTable<CommandFacts>;
  readonly groups: readonly GroupTable[];
  /** Slowest calls: those that do not wait, and those that do. */
  readonly slowest: Slowest;
  readonly slowestWaiting: Slowest;
  readonly uses: FileUses;
  readonly series: Series;
  /** Measures of the folded files, by directory. */
  readonly foldedFiles = new DirectorySums();
  readonly maxDirectories: number;
  readonly #maxBytes: number;
  #foldedDirectories = 0;

  /** `startNs` is when counting begins. Throws a `RangeError` for an invalid limit in `config`. */
  constructor(config: StatsConfig, source: GroupSource, startNs: number) {
    const { arch, maxFiles, maxProcesses, maxSlowest, by = [] } = config;
    this.#maxBytes = config.maxBytes ?? STATS_LIMITS.maxBytes;
    this.maxDirectories = config.maxDirectories ?? STATS_LIMITS.maxDirectories;
    const maxGroups = config.maxGroups ?? STATS_LIMITS.maxGroups;
    this.syscalls = new SyscallTable(arch);
    this.files = new KeyedTable<FileFacts>({
      limit: maxFiles,
      what: "files",
      optional: true,
      fold: (facts, measures, row) => {
        if (facts.kind !== "file") return;
        const directory = directoryOf(facts.path);
        this.uses.fold(row, directory);
        this.foldedFiles.add(directory, 1, measures, row);
      },
      keeps: ({ kind }) => kind !== "file",
    });
    this.processes = new KeyedTable<ProcessFacts>({
      limit: maxProcesses,
      what: "processes",
      optional: false,
      fold: ({ comm }, measures, row) => this.#foldProcess(comm, measures, row),
    });
    this.foldedCommands = new KeyedTable<CommandFacts>({
      limit: maxProcesses,
      what: "commands",
      optional: false,
    });
    this.groups = by.map((keys) => new GroupTable(keys, maxGroups, source, config.groupsLast));
    this.slowest = new Slowest(maxSlowest);
    this.slowestWaiting = new Slowest(maxSlowest);
    this.uses = new FileUses(this.maxDirectories);
    this.series = new Series(startNs, () => this.syscalls.sums());
  }

  /** Directories folded so far. */
  get foldedDirectories(): number {
    return this.#foldedDirectories;
  }

  /** Folds the rows beyond the limits. */
  bound(): void {
    this.processes.bound();
    this.foldedCommands.bound();
    this.files.bound();
    for (const group of this.groups) group.bound();
    if (this.foldedFiles.size > this.maxDirectories) this.#boundDirectories(this.maxDirectories);
    if (this.#bytes > this.#maxBytes) this.#shrink();
  }

  get #keyed(): (KeyedTable<FileFacts> | KeyedTable<ProcessFacts> | KeyedTable<CommandFacts> | GroupTable)[] {
    return [this.files, this.processes, this.foldedCommands, ...this.groups];
  }

  get #bytes(): number {
    return [...this.#keyed, this.foldedFiles].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Folds half of the rows of the table that takes most, again and again, until a quarter of the memory is free. */
  #shrink(): void {
    while (this.#bytes > this.#maxBytes * 3 / 4) {
      const tables = this.#keyed.filter(({ foldable }) => foldable >= MIN_ROWS);
      const largest = tables.sort((a, b) => b.bytes - a.bytes).at(0);
      const inDirectories = this.foldedFiles.bytes > (largest?.bytes ?? 0);
      if (inDirectories && this.#boundDirectories(this.foldedFiles.size >> 1) > 0) continue;
      if (largest === undefined) return;
      largest.foldTo(largest.foldable >> 1);
    }
  }

  #foldProcess(comm: string, measures: MeasureTable, from: number): void {
    const row = this.foldedCommands.rowOfKey(comm, () => ({ comm, processes: 0 }));
    this.foldedCommands.facts(row).processes++;
    this.foldedCommands.mergeRow(row, measures, from);
  }

  #boundDirectories(limit: number): number {
    const folded = this.foldedFiles.bound(limit);
    this.#foldedDirectories += folded;
    return folded;
  }
}
