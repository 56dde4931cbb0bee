import assert from "node:assert/strict";
import {
  lossText,
  Progress,
  type ProgressFigures,
  progressText,
  stoppingText,
} from "../../../cli/run/progress.ts";
import { lossOf, UNKNOWN_LOSS, withNotShown, withUnnamed } from "../../../runtime/loss.ts";
import { waitFor } from "../../wait.ts";

const NO_LOSS = lossOf({ ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 });
const FIGURES: ProgressFigures = { wallNs: 12_300_000_000, calls: 1234, loss: NO_LOSS };

Deno.test("the progress line tells time, calls and loss in its three states", () => {
  const lossOfLine = (loss: ProgressFigures["loss"]) =>
    /calls, (.*?) {2}/.exec(progressText({ ...FIGURES, loss }))?.[1];
  assert.equal(lossOfLine(NO_LOSS), "none lost");
  assert.equal(lossOfLine(lossOf({ ...NO_LOSS.by!, ring_full: 7 })), "7 LOST");
  assert.equal(lossOfLine(UNKNOWN_LOSS), "loss unknown");
  assert.match(progressText(FIGURES), /^tracing 12\.3 ?s {2}1,?234 calls, .*\(Ctrl-C ends and reports\)$/);
});

Deno.test("the line of a live view that ends says what it waits for", () => {
  assert.match(stoppingText(FIGURES), /^stopping {2}1,?234 calls, reading the last ones$/);
});

/** Runs `use` with what goes to standard error. */
async function withStderr(
  write: (text: string) => void,
  use: () => Promise<void>,
): Promise<void> {
  const own = Deno.stderr.writeSync;
  Deno.stderr.writeSync = (bytes) => {
    write(new TextDecoder().decode(bytes));
    return bytes.length;
  };
  try {
    await use();
  } finally {
    Deno.stderr.writeSync = own;
  }
}

Deno.test("an output that does not tell says what was lost and what has no names", () => {
  const lost = lossOf({ ...NO_LOSS.by!, ring_full: 7 });
  for (
    const [loss, text] of [
      [NO_LOSS, null],
      [withNotShown(NO_LOSS, 3), null],
      [lost, "7 calls were lost"],
      [withUnnamed(withNotShown(lost, 3), 2000), "7 calls were lost, 2,000 calls are on [unknown]"],
      [withUnnamed(NO_LOSS, 2), "2 calls are on [unknown]"],
      [UNKNOWN_LOSS, "It is unknown how many calls were lost"],
    ] as const
  ) {
    const hint = "; choose a larger --ring-size or a narrower selection";
    assert.equal(lossText(loss, true), text === null ? null : `${text}${hint}`);
    assert.equal(lossText(loss, false), text);
  }
});

Deno.test("the line is kept up to date in its place, and is gone at the end", async () => {
  const written: string[] = [];
  let calls = 0;
  await withStderr((text) => void written.push(text), async () => {
    {
      using _progress = new Progress(() => progressText({ ...FIGURES, calls: ++calls }));
      await waitFor(() => written.length >= 2, { timeoutMs: 60_000, what: "two updates" });
    }
    const count = written.length;
    assert.equal(written[0], `\r\x1b[K${progressText({ ...FIGURES, calls: 1 })}`);
    assert.equal(written[1], `\r\x1b[K${progressText({ ...FIGURES, calls: 2 })}`);
    assert.equal(written[count - 1], "\r\x1b[K");
    assert.equal(written.join("").includes("\n"), false);
  });
});

Deno.test("a standard error that cannot be written to is no reason to stop", async () => {
  let tries = 0;
  await withStderr(() => {
    tries++;
    throw new Deno.errors.BrokenPipe("gone");
  }, async () => {
    using _progress = new Progress(() => progressText(FIGURES));
    await waitFor(() => tries > 0, { timeoutMs: 60_000, what: "an update" });
  });
  assert.ok(tries >= 2, "the line was not cleared");
});
