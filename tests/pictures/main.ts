/**
 * `deno task pictures`: makes the pictures of the documents from real runs of ior over shop.sh, in a folder and under a
 * host name that say nothing of this machine. Needs root, tmux and sqlite3; takes about a minute.
 */
import { fileURLToPath } from "node:url";
import { Terminal } from "../kernel_lib/tmux.ts";
import { terminalSvg } from "./terminal_svg.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PICTURES = `${ROOT}docs/pictures`;

/** Where it runs, and the name of the host: both are in the pictures. */
const FOLDER = "/srv/shop";
const HOST = "web1";

const COLUMNS = 118;

/** What a build of a kernel appends to its version. */
const KERNEL_SUFFIX = /(Linux \d+\.\d+\.\d+)-\S+/g;

/** Programs are searched for where every system has them: failed searches are in the pictures. */
const ENV = {
  PATH: `${FOLDER}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  IOR_DENO: Deno.execPath(),
};

/** A terminal on the host, in the folder, with `ior` and `shop.sh` at hand. */
async function openTerminal(rows: number): Promise<Terminal> {
  const terminal = new Terminal({ columns: COLUMNS, rows, cwd: FOLDER, env: ENV });
  terminal.run(`exec unshare -u sh -c 'echo ${HOST} >/proc/sys/kernel/hostname; exec sh'`);
  terminal.run("clear; hostname");
  await terminal.shows(new RegExp(`^${HOST}$`, "m"));
  return terminal;
}

/** Runs a line, waits until the screen shows what is wanted, and writes the screen as a picture. */
async function picture(name: string, line: string, rows: number, shows: RegExp): Promise<void> {
  using terminal = await openTerminal(rows);
  terminal.run(`clear; ${line}`);
  await terminal.shows(shows);
  const screen = terminal.coloredScreen.replace(/[$#] *\n*$/, "").replace(KERNEL_SUFFIX, "$1");
  Deno.writeTextFileSync(`${PICTURES}/${name}.svg`, terminalSvg(screen, `sudo ${line}`));
}

Deno.mkdirSync(FOLDER);
try {
  Deno.mkdirSync(`${FOLDER}/bin`);
  Deno.symlinkSync(`${ROOT}ior`, `${FOLDER}/bin/ior`);
  Deno.copyFileSync(new URL("./shop.sh", import.meta.url), `${FOLDER}/shop.sh`);
  await picture("report", "ior trace --top 3 -- ./shop.sh", 80, /^Slowest calls[^]*\n[$#]$/m);
  await picture("top", "ior top -- sh -c 'while ./shop.sh; do :; done'", 34, /7 Stream .* 1\d(\.\d+)?s$/m);
  using terminal = await openTerminal(10);
  terminal.run("ior flame -q -o flame.svg -- ./shop.sh; echo ended");
  await terminal.shows(/^ended$/m);
  const flame = Deno.readTextFileSync(`${FOLDER}/flame.svg`);
  Deno.writeTextFileSync(`${PICTURES}/flame.svg`, flame.replace(KERNEL_SUFFIX, "$1"));
} finally {
  Deno.removeSync(FOLDER, { recursive: true });
}
