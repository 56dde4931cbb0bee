import { lutimesSync } from "node:fs";
import { scratchDirectory } from "./scratch.ts";

/** An ordinary program that both tracers watch. */
export interface Program {
  name: string;
  /** Words of the command, run in the directory of {@linkcode makeTree}. */
  words: string[];
  /** Why two runs of it never make the same calls; both tracers then watch one run only. */
  differs?: string;
}

const shell = (...lines: string[]) => ["sh", "-e", "-c", lines.join("\n")];

/** Ten programs, each of which does what it is mostly used for. All run in a fresh tree with times in the past. */
export const PROGRAMS: readonly Program[] = [
  { name: "a compiler", words: ["gcc", "-O1", "-pipe", "-o", "out/main", "src/main.c"] },
  {
    name: "tar",
    words: shell("tar -cf out/files.tar files", "mkdir out/again", "tar -xf out/files.tar -C out/again"),
  },
  {
    name: "git",
    words: shell(
      "cd files",
      "git init --quiet .",
      // That a rename changes the inode would be seen, or not, by the second in which it happens.
      "git config core.trustctime false",
      "git add .",
      "git commit --quiet -m all",
      "echo more >docs/a0",
      "touch -d 2001-10-10 docs/a0",
      "git mv docs/a1 'docs/moved a1'",
      "git status --short",
      "git commit --quiet -a -m more",
      "git log --oneline --stat",
    ),
  },
  {
    name: "find",
    words: [
      "find",
      "files",
      "-type",
      "f",
      "-size",
      "+1k",
      "-newermt",
      "2001-01-01",
      "-exec",
      "wc",
      "-c",
      "{}",
      "+",
    ],
  },
  {
    name: "rsync",
    differs: "three processes exchange messages, and how many arrive at one read is a matter of time",
    words: shell(
      "rsync -a files/ out/copy",
      "echo more >>files/docs/a3",
      "rsync -a --delete files/ out/copy",
    ),
  },
  {
    name: "sqlite3",
    words: [
      "sqlite3",
      "out/data.db",
      "create table words(id integer primary key, word text);" +
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)" +
      " insert into words(word) select 'word ' || i from n;" +
      "create index by_word on words(word);" +
      "begin; update words set word = word || '!' where id % 3 = 0; rollback;" +
      "delete from words where id % 2; vacuum; select count(*) from words;",
    ],
  },
  { name: "python3", words: ["python3", "src/script.py"] },
  {
    name: "node",
    differs: "eleven threads wake each other, and which of them takes a piece of work is a matter of time",
    words: ["node", "src/script.js"],
  },
  {
    name: "a web server under load",
    differs: "how much of an answer has arrived at one read is a matter of time",
    words: ["python3", "src/server.py"],
  },
  {
    name: "dd",
    words: shell(
      "dd status=none if=/dev/zero of=out/zeros bs=4k count=60 conv=fsync",
      "dd status=none if=out/zeros of=out/some bs=1000 skip=3 seek=5 count=20 conv=notrunc",
      "dd if=out/absent of=/dev/null || true",
    ),
  },
];

const C_SOURCE = `#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) { printf("%d %s\\n", argc, getenv("HOME") ? argv[0] : ""); return 0; }
`;

const PYTHON_SOURCE = `import json, os, shutil, subprocess, sys, tempfile
sizes = {}
for folder, folders, files in os.walk("files"):
    folders.sort()
    for name in sorted(files):
        path = os.path.join(folder, name)
        if not os.path.islink(path):
            sizes[path] = os.stat(path).st_size
with open("out/sizes.json", "w") as out:
    json.dump(sizes, out, indent=1)
os.chdir("out")
os.rename("sizes.json", "renamed.json")
shutil.copy("renamed.json", "copy.json")
fd = os.open("../files/docs", os.O_RDONLY | os.O_DIRECTORY)
print(os.stat("a1", dir_fd=fd).st_size, len(os.listdir(fd)))
os.fchdir(fd)
print(subprocess.run(["cat", "a1"], stdout=subprocess.PIPE).stdout[:3])
reader, writer = os.pipe()
if os.fork() == 0:
    os.dup2(writer, 1)
    os.close(reader)
    os.execvp("wc", ["wc", "-l", "a2"])
os.close(writer)
print(os.read(reader, 100), os.wait()[1])
try:
    open("/proc/nothing")
except OSError as error:
    print(error.errno)
`;

const NODE_SOURCE = `const fs = require("node:fs");
const { execFile } = require("node:child_process");
(async () => {
  for (let i = 0; i < 8; i++) {
    await fs.promises.writeFile("out/file" + i, "x".repeat(i * 1000));
    await fs.promises.rename("out/file" + i, "out/renamed" + i);
  }
  await Promise.all([1, 2, 3].map((i) => fs.promises.readFile("out/renamed" + i)));
  fs.mkdirSync("out/deep/er", { recursive: true });
  fs.copyFileSync("files/docs/a3", "out/deep/er/copy");
  try { fs.readFileSync("out/absent"); } catch (error) { console.log(error.code); }
  const child = execFile("cat", ["files/docs/a1"], (error, out) => console.log(error, out.length));
  child.stdin.end();
})();
`;

const SERVER_SOURCE = `import http.client, os
from http.server import HTTPServer, SimpleHTTPRequestHandler
REQUESTS = 20
os.chdir("files")
server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
child = os.fork()
if child == 0:
    server.socket.close()
    for i in range(REQUESTS):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
        connection.request("GET", "/docs/a%d" % (i % 7) if i % 5 else "/absent")
        connection.getresponse().read()
        connection.close()
    os._exit(0)
for i in range(REQUESTS):
    server.handle_request()
os.waitpid(child, 0)
`;

/** Where every tree of this run is made: the same place each time, so that paths and their lengths are equal. */
let place: string | null = null;

/** Seconds since 1970 of all files: long ago, so that no tool looks twice at what has just changed. */
const TIME = 1_000_000_000;

/** Makes the tree anew and gives its path. */
export function makeTree(): string {
  place ??= Deno.realPathSync(scratchDirectory("tree"));
  const root = `${place}/root`;
  try {
    Deno.removeSync(root, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const write = (path: string, text: string) => {
    Deno.writeTextFileSync(`${root}/${path}`, text);
    Deno.utimeSync(`${root}/${path}`, TIME, TIME);
  };
  for (const folder of ["files/docs", "files/deep/er", "src", "out", "tmp", "home"]) {
    Deno.mkdirSync(`${root}/${folder}`, { recursive: true });
  }
  for (let i = 0; i < 8; i++) {
    write(`files/docs/a${i}`, `line ${i}\n`.repeat(i * 150));
    write(`files/deep/er/name with space ${i} é`, `${i}`.repeat(100 + i));
  }
  Deno.symlinkSync("docs/a1", `${root}/files/link`);
  lutimesSync(`${root}/files/link`, TIME, TIME);
  write("src/main.c", C_SOURCE);
  write("src/script.py", PYTHON_SOURCE);
  write("src/script.js", NODE_SOURCE);
  write("src/server.py", SERVER_SOURCE);
  for (const folder of ["files/docs", "files/deep/er", "files/deep", "files"]) {
    Deno.utimeSync(`${root}/${folder}`, TIME, TIME);
  }
  return root;
}

/** What the programs see of the environment; nothing in it differs from run to run, addresses neither. */
export function surroundings(root: string): string[] {
  return [
    "setarch",
    "--addr-no-randomize",
    "env",
    "-i",
    `PATH=/usr/local/bin:/usr/bin:/bin:${Deno.env.get("PATH")}`,
    "LC_ALL=C.UTF-8",
    "TZ=UTC",
    `HOME=${root}/home`,
    `TMPDIR=${root}/tmp`,
    "GIT_CONFIG_NOSYSTEM=1",
    ...["AUTHOR", "COMMITTER"].flatMap((who) => [
      `GIT_${who}_NAME=a`,
      `GIT_${who}_EMAIL=a@b.c`,
      `GIT_${who}_DATE=2001-09-09T01:46:40Z`,
    ]),
    "PYTHONDONTWRITEBYTECODE=1",
    "PYTHONHASHSEED=0",
  ];
}
