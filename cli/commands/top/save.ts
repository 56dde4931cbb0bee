import type {
  LiveTrieSource,
  MaybePromise,
  SnapshotSource,
  StreamSource,
} from "../../../runtime/contracts.ts";
import { IorError } from "../../../runtime/errors.ts";
import { formatExpression } from "../../../runtime/expression/mod.ts";
import { emptyFilter } from "../../../runtime/filter/mod.ts";
import type { Report, ReportHeader } from "../../../runtime/report.ts";
import { listOf } from "../../../runtime/units.ts";
import { FLAME_FORMATS, type FlameFormat } from "../../flame/formats.ts";
import { renderFlame } from "../../flame/mod.ts";
import { headerOfPart } from "../../report/header_since.ts";
import { buildReport, reportJson } from "../../report/report.ts";
import { ByteText, rowFormat } from "../../rows/mod.ts";
import { runCaption } from "../../run/flame_output.ts";
import { fileOutput } from "../../run/output.ts";
import { traceUser } from "../../run/trace_user.ts";
import { writePieces } from "../../run/write_pieces.ts";
import { filterOf, type Model, parseTyped, savedText } from "../../top/mod.ts";

/** What there is to save. */
export interface Saved {
  model: Model;
  header: ReportHeader;
  /** When the trace began, nanoseconds since 1970. */
  startedWallNs: bigint;
  /** The statistics, the trie behind the flamegraph, and the rows held; `null` when the trace is gone. */
  stats: SnapshotSource | null;
  trie: Pick<LiveTrieSource, "profile" | "countField"> | null;
  rows: StreamSource | null;
}

type Pieces = Iterable<string | Uint8Array<ArrayBuffer>>;

/** A form, by the ending of its names. */
interface Form {
  ending: string;
  /** Whether what it writes stands still in a pause of a trace: only what is shown does. */
  standsStill: (model: Model) => boolean;
  pieces: (saved: Saved, path: string) => MaybePromise<Pieces>;
}

/** What is written, by the ending of the name; the first ending that fits counts. As text a view is what it shows. */
const FORMS: readonly Form[] = [
  { ending: ".txt", standsStill: () => true, pieces: ({ model }) => [savedText(model)] },
  { ending: ".csv", standsStill: ({ view }) => view === "stream", pieces: rowsOf },
  ...FLAME_FORMATS.filter(({ name }) => name !== "text").map(({ name, extension }): Form => ({
    ending: extension,
    standsStill: () => false,
    pieces: (saved, path) => flamePieces(saved, path, name),
  })),
  { ending: ".json", standsStill: () => true, pieces: reportOf },
];

/** Writes what the view shows to a file, in the form that its name says, and returns what is to be said of it. */
export async function saveView(path: string, saved: Saved): Promise<string> {
  const form = FORMS.find(({ ending }) => path.endsWith(ending));
  if (form === undefined) {
    const endings = listOf(FORMS.map(({ ending }) => ending), "or");
    throw new IorError("usage", `Cannot save ${path}: its name must end in ${endings}`);
  }
  const pieces = await form.pieces(saved, path);
  await using output = fileOutput(path, traceUser());
  await writePieces(output, pieces);
  await output.finish();
  const isOfNow = saved.model.frozen !== null && !form.standsStill(saved.model);
  return `Saved as ${path}${isOfNow ? ", as of now: only what a view shows is paused" : ""}`;
}

/** The rows of the stream: those that stand still in a pause, or those held now. */
function rowsOf({ model, header, startedWallNs, rows: held }: Saved): Pieces {
  const paused = model.view === "stream" ? model.frozen?.rows : undefined;
  const rows = paused ?? held?.snapshot() ?? [];
  const look = { width: null, color: false, ascii: false };
  const format = rowFormat("csv", { header, startedEpochNs: startedWallNs, columns: null, look });
  const text = new ByteText();
  for (const row of rows) format.row(row, text);
  return [format.begin(), text.take()];
}

/** The report of the moment that stands still, or of now. */
async function reportOf(saved: Saved, path: string): Promise<Pieces> {
  const { model, stats: source } = saved;
  const paused = model.frozen?.now ?? null;
  const stats = paused?.stats ?? await source?.snapshot() ?? null;
  if (stats === null) throw nothingYet(path);
  const { header, interval } = countedIn(saved, paused?.atNs ?? model.data.elapsedNs);
  return reportJson(buildReport(header, stats, { top: null, sort: "time" }, { interval }));
}

/** The header under the conditions of the view, and of the time since the baseline up to `endNs` when there is one. */
function countedIn(
  { model, header }: Pick<Saved, "model" | "header">,
  endNs: number,
): { header: ReportHeader; interval?: Report["interval"] } {
  const { filters, playing, frozen, data: { baselineNs } } = model;
  const { where, ...selection } = header.selection;
  const given = typeof where === "string" ? parseTyped(where) : null;
  const condition = filterOf({ ...emptyFilter(), where: given }, filters).where;
  const narrowed = {
    ...header,
    selection: condition === null ? selection : { where: formatExpression(condition), ...selection },
  };
  const startNs = playing?.startNs ?? 0;
  if (baselineNs <= startNs && frozen === null) return { header: narrowed };
  const [start_ns, end_ns] = [Math.round(baselineNs), Math.round(endNs)];
  return {
    header: headerOfPart(narrowed, end_ns - start_ns),
    interval: { index: 1, start_ns, end_ns },
  };
}

/** The whole flamegraph as it is now, with all its metrics. */
async function flamePieces(saved: Saved, path: string, format: FlameFormat): Promise<Pieces> {
  const { trie, model } = saved;
  const { header } = countedIn({ ...saved, model: { ...model, frozen: null } }, model.data.elapsedNs);
  if (trie === null) throw nothingYet(path);
  const [profile, metric] = await Promise.all([trie.profile(), trie.countField()]);
  const look = { metric, inverted: false, width: 0, color: false, ascii: false };
  return [renderFlame(profile, format, { ...look, ...runCaption(header, profile) })];
}

function nothingYet(path: string): IorError {
  return new IorError("runtime", `Cannot save ${path}: nothing has been counted yet`);
}
