import assert from "node:assert/strict";
import { callingUser, environmentOf } from "../../engine/calling_user.ts";

const PASSWD = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:100:Ada:/home/ada:/bin/sh\n" +
  "bob:x:10000:100::/home/bob:/bin/sh\n";
const SUDO = { SUDO_UID: "1000", SUDO_GID: "100", SUDO_USER: "typed" };

Deno.test("under sudo the calling user is the one of the passwd file", () => {
  assert.deepEqual(callingUser(SUDO, 0, PASSWD), { uid: 1000, gid: 100, name: "ada", home: "/home/ada" });
});

Deno.test("the calling user's number is compared as a whole", () => {
  assert.equal(callingUser({ ...SUDO, SUDO_UID: "100" }, 0, PASSWD)?.home, null);
});

Deno.test("a user without an entry keeps the name that sudo gives, or the number", () => {
  assert.deepEqual(callingUser(SUDO, 0, ""), { uid: 1000, gid: 100, name: "typed", home: null });
  assert.equal(callingUser({ ...SUDO, SUDO_USER: undefined as never }, 0, "")?.name, "1000");
});

Deno.test("without sudo, and for a user who is none, ior runs as itself", () => {
  const cases: [Record<string, string>, number | null][] = [
    [{}, 0],
    [SUDO, 1000],
    [SUDO, null],
    [{ ...SUDO, SUDO_UID: "0", SUDO_GID: "0" }, 0],
    [{ SUDO_UID: "1000" }, 0],
    [{ SUDO_GID: "100" }, 0],
    [{ ...SUDO, SUDO_UID: "" }, 0],
    [{ ...SUDO, SUDO_UID: "-1" }, 0],
    [{ ...SUDO, SUDO_UID: "1000; id" }, 0],
    [{ ...SUDO, SUDO_GID: "0x10" }, 0],
  ];
  for (const [environment, uid] of cases) {
    assert.equal(callingUser(environment, uid, PASSWD), null, Deno.inspect(environment));
  }
});

const ADA = { uid: 1000, gid: 100, name: "ada", home: "/home/ada" };

Deno.test("a command of the calling user has that user's name and home", () => {
  const given = { USER: "root", LOGNAME: "root", HOME: "/root", TERM: "xterm" };
  assert.deepEqual(environmentOf(ADA, given), {
    USER: "ada",
    LOGNAME: "ada",
    HOME: "/home/ada",
    TERM: "xterm",
  });
  assert.equal(given.USER, "root", "what was given is left alone");
});

Deno.test("a home that is not known stays as it was", () => {
  assert.equal(environmentOf({ ...ADA, home: null }, { HOME: "/root" }).HOME, "/root");
});

Deno.test("without a calling user the environment is the given one, as a copy", () => {
  const given = { HOME: "/root", DENO_DIR: "/cache" };
  const own = environmentOf(null, given);
  assert.deepEqual(own, given);
  assert.notEqual(own, given);
});

Deno.test("what the launcher changed for ior alone is undone for the command", () => {
  assert.deepEqual(environmentOf(null, { DENO_DIR: "/ior", IOR_CALLER_DENO_DIR: "/mine" }), {
    DENO_DIR: "/mine",
  });
  assert.deepEqual(environmentOf(null, { DENO_DIR: "/ior", IOR_CALLER_DENO_DIR: "" }), {});
  assert.deepEqual(environmentOf(null, { IOR_CALLER_DENO_DIR: "" }), {});
});
