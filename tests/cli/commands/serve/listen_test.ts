import assert from "node:assert/strict";
import { listenAt } from "../../../../cli/commands/serve/listen.ts";
import { IorError } from "../../../../runtime/errors.ts";
import { scratch } from "../../../engine/recording/fixture.ts";

const refuses = (path: string, message: RegExp) =>
  assert.rejects(
    listenAt({ kind: "unix", path }),
    (error: unknown) => error instanceof IorError && error.code === "usage" && message.test(error.message),
  );

Deno.test("A socket is of its owner alone from its first moment on, and is gone at the end", async () => {
  using folder = scratch();
  const path = folder.path("s");
  {
    using listening = await listenAt({ kind: "unix", path });
    assert.equal(listening.name, `unix:${path}`);
    const { mode, isSocket } = Deno.lstatSync(path);
    assert.deepEqual([(mode ?? 0) & 0o777, isSocket], [0o600, true]);
    listening.listener.close();
  }
  assert.deepEqual([...Deno.readDirSync(folder.path(""))], []);
});

Deno.test("A socket that nobody listens at is replaced, and one in use is not", async () => {
  using folder = scratch();
  const path = folder.path("s");
  const dead = Deno.listen({ transport: "unix", path: folder.path("dead") });
  Deno.renameSync(folder.path("dead"), path); // the runtime removes what it listened at
  dead.close();
  assert.ok(Deno.lstatSync(path).isSocket);
  using listening = await listenAt({ kind: "unix", path });
  await refuses(path, /another program listens there$/);
  listening.listener.close();
});

Deno.test("What is no socket is never replaced, nor what a link leads to", async () => {
  using folder = scratch();
  const path = folder.path("s");
  Deno.writeTextFileSync(path, "mine");
  await refuses(path, /the name is that of a file that is no socket$/);
  Deno.symlinkSync(path, folder.path("link"));
  await refuses(folder.path("link"), /no socket$/);
  assert.equal(Deno.readTextFileSync(path), "mine");
  await refuses(folder.path("none/s"), /its folder does not exist$/);
  await refuses(folder.path(""), /it is the name of a folder$/);
});

Deno.test("A name that no client could connect to is refused", async () => {
  using folder = scratch();
  const longest = folder.path("").padEnd(107, "s");
  using listening = await listenAt({ kind: "unix", path: longest });
  (await Deno.connect({ transport: "unix", path: longest })).close();
  listening.listener.close();
  await refuses(`${longest}s`, /: its name has 108 bytes, a socket's has at most 107$/);
});

Deno.test("A folder in which others could exchange the socket is refused", async () => {
  using folder = scratch();
  Deno.chmodSync(folder.path("."), 0o777);
  await refuses(folder.path("s"), /others may exchange what is in /);
  Deno.chmodSync(folder.path("."), 0o1777);
  using listening = await listenAt({ kind: "unix", path: folder.path("s") });
  listening.listener.close();
});

Deno.test("An address that is in use, or of no interface, is said in a sentence", async () => {
  using busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = busy.addr as Deno.NetAddr;
  await assert.rejects(listenAt({ kind: "tcp", hostname: "127.0.0.1", port }), {
    message: `Cannot listen at 127.0.0.1:${port}: another program listens there`,
  });
  await assert.rejects(listenAt({ kind: "tcp", hostname: "203.0.113.7", port: 0 }), {
    message: "Cannot listen at 203.0.113.7:0: this machine does not have the address",
  });
});

Deno.test("The name of an address says the port that was chosen, and whether only this machine reaches it", async () => {
  for (const [hostname, shown] of [["127.0.0.1", "127\\.0\\.0\\.1"], ["::1", "\\[::1\\]"]]) {
    using listening = await listenAt({ kind: "tcp", hostname, port: 0 });
    assert.match(listening.name, new RegExp(`^http://${shown}:[1-9]\\d*/$`));
    assert.ok(listening.isLoopback);
    listening.listener.close();
  }
});
