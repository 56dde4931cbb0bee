/** Ctrl-Z in a terminal, with a shell that waits for its job to stop. */
import assert from "node:assert/strict";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { Terminal } from "../kernel_lib/terminal.ts";
import { waitFor } from "../wait.ts";

const CTRL_C = "\x03";
const CTRL_Z = "\x1a";

/** The state of a process, `T` for a stopped one. */
function stateOf(pid: number): string {
  return /^State:\t(\w)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1];
}

/** Types a command that is traced and says its number and ior's, and waits until it runs. */
async function trace(terminal: Terminal, command: string): Promise<{ command: number; ior: number }> {
  await terminal.type(`"$IOR" trace -q -o /dev/null -- ${command}\n`);
  const [, pid, parent] = await terminal.shows(/pids (\d+) (\d+)\r\n/);
  return { command: Number(pid), ior: Number(parent) };
}

Deno.test("Ctrl-Z stops the command and ior, the shell has its prompt, and fg continues both", async () => {
  await using terminal = await Terminal.open();
  const pids = await trace(
    terminal,
    `bash -c 'echo "pids $$ $PPID"; while :; do echo tick; read -t 0.05 -u 2; done'`,
  );
  for (let round = 0; round < 2; round++) {
    await terminal.shows(/tick/);
    await terminal.type(CTRL_Z);
    await terminal.prompt();
    assert.deepEqual([stateOf(pids.command), stateOf(pids.ior)], ["T", "T"]);
    await terminal.type("fg\n");
    await terminal.shows(/tick/);
    await waitFor(() => stateOf(pids.ior) !== "T", { timeoutMs: 20_000, what: "ior to go on" });
  }
  await terminal.type(CTRL_C);
  await terminal.prompt();
  await nothingLeftBehind();
});

Deno.test("Ctrl-Z does not stop ior while its command handles it and goes on", async () => {
  await using terminal = await Terminal.open();
  const pids = await trace(
    terminal,
    `bash -c 'trap "echo handled" TSTP; echo "pids $$ $PPID"; while :; do echo tick; read -t 0.05 -u 2; done'`,
  );
  await terminal.shows(/tick/);
  await terminal.type(CTRL_Z);
  await terminal.shows(/handled/);
  for (let ticks = 0; ticks < 10; ticks++) await terminal.shows(/tick/);
  assert.notEqual(stateOf(pids.ior), "T");
  assert.equal(terminal.hasPrompt, false);
  await terminal.type(CTRL_C);
  await terminal.prompt();
  await nothingLeftBehind();
});
