import assert from "node:assert/strict";
import { carriesToken, readToken } from "../../../../cli/commands/serve/token.ts";
import { IorError } from "../../../../runtime/errors.ts";
import { scratch } from "../../../engine/recording/fixture.ts";

const TOKEN = "0123456789abcdef";

Deno.test("A token is one long word, in a file that is not for everybody", async () => {
  using folder = scratch();
  const path = folder.path("token");
  const write = (text: string, mode: number) => {
    Deno.writeTextFileSync(path, text);
    Deno.chmodSync(path, mode);
  };
  write(`${TOKEN}\n`, 0o640);
  assert.equal(await readToken(path), TOKEN);
  const refusals: [string, number, RegExp][] = [
    [TOKEN, 0o644, /everybody on this machine may use the file$/],
    [TOKEN, 0o602, /everybody/],
    ["", 0o600, /it must be one word of 16 to 4096 ASCII characters$/],
    ["short", 0o600, /one word/],
    [`${TOKEN} ${TOKEN}`, 0o600, /one word/],
    [`${TOKEN}\n\n`, 0o600, /one word/],
    [`${TOKEN}é`, 0o600, /one word/],
  ];
  for (const [text, mode, message] of refusals) {
    write(text, mode);
    await assert.rejects(
      readToken(path),
      (error: unknown) => error instanceof IorError && error.code === "usage" && message.test(error.message),
    );
  }
  await assert.rejects(readToken(folder.path("none")), {
    message: /Cannot read .*none/,
    hint: "Name a file that holds a token and that you may read",
  });
});

Deno.test("A request carries the token, or it does not", () => {
  assert.ok(carriesToken(`Bearer ${TOKEN}`, TOKEN));
  assert.ok(carriesToken(`bearer  ${TOKEN}`, TOKEN));
  const others = [
    undefined,
    "",
    TOKEN,
    `Basic ${TOKEN}`,
    "Bearer",
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN} x`,
  ];
  for (const header of others) assert.ok(!carriesToken(header, TOKEN), header);
});
