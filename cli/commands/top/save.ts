import { IorError } from "../../../runtime/errors.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import { buildReport, reportJson } from "../../report/report.ts";
import { fileOutput } from "../../run/output.ts";
import { traceUser } from "../../run/trace_user.ts";
import { writePieces } from "../../run/write_pieces.ts";
import { foldedText, type Model, savedText } from "../../top/mod.ts";

/** Writes what the view shows to a file, in the form that its name says, and returns what is to be said of it. */
export async function saveView(path: string, model: Model, header: ReportHeader): Promise<string> {
  const pieces = piecesOf(path, model, header);
  await using output = fileOutput(path, traceUser());
  await writePieces(output, pieces);
  await output.finish();
  return `Saved as ${path}`;
}

function piecesOf(path: string, model: Model, header: ReportHeader): Iterable<string> {
  const { now, trie } = model.frozen ?? model.data;
  const [form] = /\.(txt|json|folded)$/.exec(path) ?? [];
  switch (form) {
    case ".txt":
      return [savedText(model)];
    case ".json":
      if (now === null) throw nothingYet(path);
      return reportJson(buildReport(header, now.stats, { top: null, sort: "time" }));
    case ".folded":
      if (trie === null) throw nothingYet(path);
      return [foldedText(trie.root)];
  }
  throw new IorError("usage", `Cannot save ${path}: its name must end in .txt, .json or .folded`);
}

function nothingYet(path: string): IorError {
  return new IorError("runtime", `Cannot save ${path}: it has not been shown yet`);
}
