/** Real programs and what a report must say stands out in them: faults that are there, and programs without one. */

/** A program that is run in a directory of its own. */
export interface AdviceProgram {
  /** Says what the program does. */
  name: string;
  /** Shell commands that make what it works on. */
  setup?: string;
  argv: string[];
  /** Rules that must find something. */
  faults: string[];
}

/** Two thousand small files in twenty directories. */
const TREE =
  `for d in $(seq 20); do mkdir -p tree/$d; for f in $(seq 100); do echo $d $f > tree/$d/$f; done; done`;

/** A file of four megabytes. */
const BIG = "head -c 4000000 /dev/zero > big";

export const ADVICE_PROGRAMS: readonly AdviceProgram[] = [
  {
    name: "dd copies one byte at a time",
    argv: ["dd", "if=/dev/zero", "of=out", "bs=1", "count=20000", "status=none"],
    faults: ["tiny_reads", "tiny_writes"],
  },
  {
    name: "dd copies a megabyte at a time",
    argv: ["dd", "if=/dev/zero", "of=out", "bs=1M", "count=8", "status=none"],
    faults: [],
  },
  {
    name: "sh opens its log for every line",
    argv: ["sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i >> log; i=$((i+1)); done"],
    faults: ["reopened_files", "tiny_writes"],
  },
  {
    name: "sh opens its log once",
    argv: ["sh", "-c", "i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); done > log"],
    faults: [],
  },
  {
    name: "perl looks for files that are not there",
    argv: ["perl", "-e", 'for (1..20000) { -e "lib$_.so" }'],
    faults: ["missing_files"],
  },
  {
    name: "perl seeks before every read",
    setup: BIG,
    argv: ["perl", "-e", 'open F, "<", "big"; for (1..20000) { sysseek F, $_ * 100, 0; sysread F, $b, 512 }'],
    faults: ["random_access"],
  },
  {
    name: "python3 writes without a buffer",
    argv: ["python3", "-c", "f = open('out', 'wb', buffering=0)\nfor i in range(100000): f.write(b'ab')"],
    faults: ["tiny_writes"],
  },
  {
    name: "python3 writes with a buffer",
    argv: ["python3", "-c", "f = open('out', 'wb')\nfor i in range(100000): f.write(b'ab')"],
    faults: [],
  },
  {
    name: "node asks for the same metadata again and again",
    setup: "echo > here",
    argv: ["node", "-e", "const fs = require('fs'); for (let i = 0; i < 100000; i++) fs.statSync('here')"],
    faults: ["metadata_queries"],
  },
  {
    name: "node reads a file at once",
    setup: BIG,
    argv: ["node", "-e", "require('fs').readFileSync('big')"],
    faults: [],
  },
  {
    name: "sqlite3 commits every row",
    setup: "sqlite3 db 'pragma journal_mode=wal; create table t (a)'",
    argv: [
      "sh",
      "-c",
      'i=0; while [ $i -lt 60 ]; do echo "insert into t values ($i);"; i=$((i+1)); done | sqlite3 db',
    ],
    faults: ["syncs"],
  },
  {
    name: "sqlite3 commits all rows at once",
    setup: "sqlite3 db 'pragma journal_mode=wal; create table t (a)'",
    argv: [
      "sqlite3",
      ":memory:",
      "create table t (a); insert into t select value from generate_series(1, 1000)",
    ],
    faults: [],
  },
  {
    name: "find compares two thousand sizes",
    setup: TREE,
    argv: ["find", "tree", "-size", "+9"],
    faults: ["metadata_queries"],
  },
  {
    name: "grep reads two thousand small files",
    setup: TREE,
    argv: ["grep", "-rc", "1", "tree"],
    faults: [],
  },
  { name: "tar packs a tree", setup: TREE, argv: ["tar", "-cf", "out.tar", "tree"], faults: [] },
  { name: "cp copies a large file", setup: BIG, argv: ["cp", "big", "copy"], faults: [] },
  {
    name: "make has nothing to do",
    setup: "printf 'all: big\\nbig:\\n\\ttouch big\\n' > Makefile; touch big",
    argv: ["make"],
    faults: [],
  },
  {
    name: "git looks at every file",
    // Files as new as the index are read again, as they may have changed since.
    setup:
      `${TREE}; find tree -type f -exec touch -d "1 hour ago" {} +; git init -q .; git -c user.name=a -c user.email=a@b add tree`,
    argv: ["git", "-c", "core.preloadIndex=false", "status", "--short", "-uno"],
    faults: ["metadata_queries"],
  },
  {
    name: "cat reads a pipe that is slow",
    argv: ["sh", "-c", "{ sleep 0.2; echo; } | cat > out"],
    faults: [],
  },
];
