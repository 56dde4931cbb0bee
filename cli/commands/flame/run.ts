import { type AttachedTrace, batchFilter, FlameClient, machineArch, replay } from "../../../engine/mod.ts";
import { IorError } from "../../../runtime/errors.ts";
import { MAX_TRIE_NODES } from "../../../runtime/flame_messages.ts";
import { countsAll } from "../../../runtime/report.ts";
import { abandonOnSignal } from "../../run/abandon_on_signal.ts";
import {
  diffProfiles,
  flameFormat,
  type FlamePicture,
  flameReaders,
  isFlameDiff,
  readFlameFile,
} from "../../flame/mod.ts";
import { type FlameCaption, FlameOutput, runCaption } from "../../run/flame_output.ts";
import { readTextFile } from "../../run/read_text_file.ts";
import { countedHeader } from "../../run/run_header.ts";
import { sayLoss, saySampledAway } from "../../run/progress.ts";
import type { RunResult } from "../../exit_status.ts";
import { TraceRun } from "../../run/run_session.ts";
import { lookOf } from "../../run/terminal.ts";
import { traceUser } from "../../run/trace_user.ts";
import type { FlameCommand } from "./task.ts";

/** A picture and its caption. */
interface Captioned {
  picture: FlamePicture;
  caption: FlameCaption;
  lossFree: boolean;
}

/** `ior flame`: a flamegraph of a trace, of recordings, of an earlier flamegraph, or of the difference of two. */
export async function runFlame(options: FlameCommand): Promise<RunResult> {
  if (options.diff === null && options.from.length === 0) return await runLive(options);
  await using output = await openFlame(options);
  using _signals = abandonOnSignal(output);
  const { picture, caption, lossFree } = options.diff === null
    ? await readFlame(options.from, options)
    : await readDiff(options.diff, options);
  await output.write(picture, caption, lookOf(options));
  return { commandStatus: null, lossFree };
}

function openFlame({ output: path, format, metric, split, inverted }: FlameCommand): Promise<FlameOutput> {
  return FlameOutput.open({ path, format, metric, split, inverted }, traceUser());
}

/** Traces, and writes what was seen. */
async function runLive(options: FlameCommand): Promise<RunResult> {
  const { fields, metric } = options;
  await using run = new TraceRun(options, { printsOutput: options.output === null });
  await using output = await openFlame(options);
  run.onAbandon(() => output.abandon());
  const starting = run.own(
    FlameClient.start({ arch: machineArch(), fields, metric, maxNodes: MAX_TRIE_NODES }),
  );
  const prepared = await run.prepare();
  const flame = await starting;
  const attached = await run.attach(prepared);
  return await run.whileRunning(draw(run, attached, flame, output, options));
}

async function draw(
  run: TraceRun,
  attached: AttachedTrace,
  flame: FlameClient,
  output: FlameOutput,
  options: FlameCommand,
): Promise<RunResult> {
  const ended = await run.untilEnded(run.start(attached, [flame]));
  const profile = await flame.profile();
  const header = countedHeader(run.header(attached.facts, ended));
  await output.write(profile, runCaption(header, profile), run.look);
  if (!options.quiet && !tellsRun(options)) sayLoss(header, true);
  return await run.result(ended);
}

/** Whether the output itself says which calls are missing: a difference has no facts of its two runs. */
function tellsRun({ diff, format }: FlameCommand): boolean {
  return diff === null && flameFormat(format).tellsRun;
}

/** The flamegraph of recordings, or the one in a file that `ior flame` wrote. */
async function readFlame(paths: string[], options: FlameCommand): Promise<Captioned> {
  // The readers of recordings take time to load, and a trace does not need them.
  const { isRecording } = await import("../../../engine/recording/mod.ts");
  const { openInput, sayNotes } = await import("../../run/open_input.ts");
  const { fields, metric, selection, format, callFlag } = options;
  const [first] = paths;
  if (paths.length === 1 && !(await isRecording(first))) {
    const picture = readFlameFile(await readTextFile(first), first, flameReaders(metric));
    if (callFlag !== null) throw drawnAlready(callFlag, first);
    if (isFlameDiff(picture) && !flameFormat(format).diff) {
      throw new IorError(
        "usage",
        `Cannot write ${first} as ${format}: that format has no room for two numbers`,
        {
          hint: "Choose html, svg, folded or text",
        },
      );
    }
    return { picture, caption: { title: `ior flame: ${first}`, facts: [] }, lossFree: true };
  }
  const recording = await openInput(paths);
  const { arch } = recording;
  const config = { arch, fields, metric, maxNodes: MAX_TRIE_NODES };
  await using flame = await FlameClient.start(config);
  const filter = batchFilter(selection, arch);
  await replay(recording, filter, [flame]);
  const profile = await flame.profile();
  const { header } = recording;
  sayNotes(recording, options.quiet);
  if (!options.quiet && !tellsRun(options)) {
    sayLoss(header, false);
    saySampledAway(header);
  }
  return { picture: profile, caption: runCaption(header, profile), lossFree: countsAll(header) };
}

function drawnAlready(flag: string, path: string): IorError {
  return new IorError(
    "usage",
    `Cannot use ${flag} with ${path}: it is a flamegraph, which has no single calls to select`,
    {
      hint: `Leave ${flag} out, or draw a recording`,
    },
  );
}

async function readDiff([before, after]: [string, string], options: FlameCommand): Promise<Captioned> {
  const sides = await Promise.all([before, after].map((path) => readFlame([path], options)));
  const [a, b] = sides.map(({ picture }, i) => {
    if (!isFlameDiff(picture)) return picture;
    throw new IorError("usage", `Cannot compare ${[before, after][i]}: it is a comparison already`, {
      hint: "Compare the two that it was made from",
    });
  });
  const facts = [["before", before], ["after", after]].map(([label, text]) => ({ label, text, tone: null }));
  return {
    picture: diffProfiles(a, b),
    caption: { title: `ior flame: ${before} and ${after}`, facts },
    lossFree: sides.every(({ lossFree }) => lossFree),
  };
}
