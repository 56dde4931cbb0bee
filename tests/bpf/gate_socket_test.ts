import assert from "node:assert/strict";
import { GateSocket } from "../../bpf/gate_socket.ts";

/** A shell with the other end of a socket; that of sh reads descriptors of one digit only. */
function shell(script: string): { gate: GateSocket; ended: Promise<Deno.CommandStatus> } {
  const gate = GateSocket.open();
  const command = new Deno.Command("bash", { args: ["-c", script, String(gate.inherited)], stdin: "null" });
  const child = command.spawn();
  gate.keepOwnEnd();
  return { gate, ended: child.status };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("a started program reads what is sent and answers", async () => {
  const { gate, ended } = shell('eval "read line <&$0; echo \\"<\\$line>\\" >&$0"');
  gate.send(new TextEncoder().encode("word\n"));
  assert.equal(text(await gate.receive()), "<word>\n");
  assert.equal((await gate.receive()).length, 0, "the end of the program ends the connection");
  gate.close();
  gate.close();
  assert.equal((await ended).code, 0);
});

Deno.test("closing ends a wait on either side, and sending to a program that is gone does nothing", async () => {
  const { gate, ended } = shell('eval "read line <&$0" || exit 3');
  const waiting = gate.receive();
  gate.close();
  assert.equal((await waiting).length, 0);
  assert.equal((await gate.receive()).length, 0);
  assert.equal((await ended).code, 3);

  const gone = shell("exit 0");
  await gone.ended;
  gone.gate.send(new Uint8Array(1_000_000));
  gone.gate.close();
  gone.gate.send(new Uint8Array(1));
});
