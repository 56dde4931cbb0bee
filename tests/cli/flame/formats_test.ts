import assert from "node:assert/strict";
import { FLAME_FORMATS, flameFormat, formatOfName } from "../../../cli/flame/formats.ts";
import { IorError } from "../../../runtime/errors.ts";

Deno.test("The end of a file name says the format", () => {
  for (const { name, extension } of FLAME_FORMATS) {
    assert.equal(formatOfName(`/tmp/a.b/trace${extension}`), name);
    assert.equal(flameFormat(name).extension, extension);
  }
});

Deno.test("A name that ends in no format is refused with what it may end in", () => {
  for (const path of ["trace.png", "trace", "trace.json", "trace.SVG", ""]) {
    assert.throws(() => formatOfName(path), (error) => {
      assert.ok(error instanceof IorError && error.code === "usage");
      assert.equal(
        error.message,
        `Cannot tell the format of \`${path}\`: its name must end in .html, .svg, .folded, .speedscope.json or .txt`,
      );
      assert.equal(error.hint, "Name the format with --format, one of html, svg, folded, speedscope, text");
      return true;
    });
  }
});
