import assert from "node:assert/strict";
import { MAX_PATH_FRAMES, pathFrames } from "../../../engine/flame/path_frames.ts";

for (
  const [path, ...frames] of [
    ["/", "/"],
    ["/usr", "/usr"],
    ["/usr/lib/x.so", "/usr", "lib", "x.so"],
    ["/a b/c;d/e\nf (deleted)", "/a b", "c;d", "e\nf (deleted)"],
    ["up/x", "up", "x"],
    ["../x", "..", "x"],
    ["up//x/", "up", "x"],
    ["//x", "/x"],
    ["pipe:[12]", "pipe:[12]"],
    ["anon_inode:[eventfd]", "anon_inode:[eventfd]"],
    ["UNIX:[31,/run/x.sock]", "UNIX:[31,/run/x.sock]"],
    ["TCP:[127.0.0.1:1->127.0.0.1:2]", "TCP:[127.0.0.1:1->127.0.0.1:2]"],
    ["/memfd:a/b (deleted)", "/memfd:a/b (deleted)"],
    ["[other]/x", "[other]", "x"],
    [""],
  ]
) {
  Deno.test(`The path ${JSON.stringify(path)} has ${frames.length} frame(s)`, () => {
    assert.deepEqual(pathFrames(path), frames);
  });
}

Deno.test("A path deeper than the limit has the rest of it in its last frame", () => {
  const parts = Array.from({ length: 2_047 }, (_, i) => `p${i}`);
  const frames = pathFrames(`/${parts.join("/")}`);
  assert.equal(frames.length, MAX_PATH_FRAMES);
  assert.equal(frames.join("/"), `/${parts.join("/")}`);
  const exact = `/${parts.slice(0, MAX_PATH_FRAMES).join("/")}`;
  assert.equal(pathFrames(exact).at(-1), `p${MAX_PATH_FRAMES - 1}`);
});
