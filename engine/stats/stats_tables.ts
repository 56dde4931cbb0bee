import { STATS_LIMITS, type StatsConfig } from "../../runtime/messages.ts";
import { directoryOf, DirectorySums } from "./directories.ts";
import type { FileFacts, ProcessFacts } from "./facts.ts";
import { type GroupSource, GroupTable } from "./group_table.ts";
import { KeyedTable } from "./keyed_table.ts";
import { Series } from "./series.ts";
import { Slowest } from "./slowest.ts";
import { SyscallTable } from "./syscall_table.ts";
import { FileUses } from "./uses.ts";

/** Everything that is counted between two resets. All tables have counted the same calls. */
export class StatsTables {
  readonly syscalls: SyscallTable;
  readonly files: KeyedTable<FileFacts>;
  readonly processes: KeyedTable<ProcessFacts>;
  readonly groups: readonly GroupTable[];
  /** Slowest calls: those that do not wait, and those that do. */
  readonly slowest: Slowest;
  readonly slowestWaiting: Slowest;
  readonly uses: FileUses;
  readonly series: Series;
  /** Measures of the folded files, by directory. */
  readonly foldedFiles = new DirectorySums();
  readonly maxDirectories: number;
  #foldedDirectories = 0;

  /** `startNs` is when counting begins. Throws a `RangeError` for an invalid limit in `config`. */
  constructor(config: StatsConfig, source: GroupSource, startNs: number) {
    const { arch, maxFiles, maxProcesses, maxSlowest, by = [] } = config;
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
    });
    this.groups = by.map((keys) => new GroupTable(keys, maxGroups, source));
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
    this.files.bound();
    for (const group of this.groups) group.bound();
    if (this.foldedFiles.size > this.maxDirectories) {
      this.#foldedDirectories += this.foldedFiles.bound(this.maxDirectories);
    }
  }
}
