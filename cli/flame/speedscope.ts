/** Flamegraphs as files for speedscope: its own JSON format, with a profile for each metric. */
import { type FlameProfile, TRIE_METRICS, type TrieMetric } from "../../runtime/flame.ts";
import { VERSION } from "../../runtime/version.ts";
import { jsonString } from "../rows/json_text.ts";
import { escapeRawBytes } from "../text/escape.ts";
import { isPathPart, joinPath } from "./frame_names.ts";
import { METRIC_WORDS } from "./metrics.ts";
import { ROOT } from "./profile_builder.ts";
import { flameTree } from "./profile_tree.ts";

/** The file's metadata. */
export interface SpeedscopeOptions {
  /** Name of the file's content, for example the command. */
  name: string;
  /** The profile shown first. */
  metric: TrieMetric;
}

/** Name of the format; speedscope recognizes its files by it. */
const SCHEMA = "https://www.speedscope.app/file-format-schema.json";

const UNITS: Readonly<Record<TrieMetric, "none" | "nanoseconds" | "bytes">> = {
  count: "none",
  duration: "nanoseconds",
  gap: "nanoseconds",
  bytes: "bytes",
};

/**
 * A flamegraph as a speedscope file, with one sampled profile per metric that has values (and for `metric` in any case),
 * each stack is one sample and its value the weight. The frames are shared; a call without frames is an empty sample.
 */
export function renderSpeedscope(profile: FlameProfile, { name, metric }: SpeedscopeOptions): string {
  const { frames, ofNode } = sharedFrames(profile);
  const metrics = TRIE_METRICS.filter((other) =>
    other === metric || profile.own[other].some((value) => value > 0)
  );
  const profiles = metrics.map((each) => sampledProfile(profile, ofNode, each));
  return `{"$schema":${jsonString(SCHEMA)},"exporter":${jsonString(`ior ${VERSION}`)},` +
    `"name":${jsonString(name)},"activeProfileIndex":${metrics.indexOf(metric)},` +
    `"shared":{"frames":[${frames.map(frameJson).join(",")}]},\n` +
    `"profiles":[\n${profiles.join(",\n")}\n]}\n`;
}

function frameJson({ name, file }: SpeedscopeFrame): string {
  return `{"name":${jsonString(name)}${file === undefined ? "" : `,"file":${jsonString(file)}`}}`;
}

/** A frame in speedscope's format. */
interface SpeedscopeFrame {
  name: string;
  /** For a part of a path, the whole path, which speedscope shows beside the name. */
  file?: string;
}

/**
 * Each frame once. A part of a path is the path up to it: `include` of `/usr` and of `/usr/local` are two frames, which the
 * sandwich view would otherwise add up. Other frames are identified by name and field: a file and a call of the same name
 * are two frames.
 */
function sharedFrames(profile: FlameProfile): { frames: SpeedscopeFrame[]; ofNode: Int32Array } {
  const { length, field, name, names, parent } = profile;
  const ids = new Map<string, number>();
  const frames: SpeedscopeFrame[] = [];
  const ofNode = new Int32Array(length);
  for (let node = ROOT + 1; node < length; node++) {
    const isPath = isPathPart(profile, node);
    const below = isPath && isPathPart(profile, parent[node]) ? ofNode[parent[node]] : "";
    const key = `${field[node]} ${below} ${name[node]}`;
    let id = ids.get(key);
    if (id === undefined) {
      ids.set(key, id = frames.length);
      // Strict JSON parsers reject the lone surrogates that stand for bytes that are not UTF-8.
      const part = escapeRawBytes(names[name[node]]);
      const text = below === "" ? part : joinPath(frames[below].name, part);
      frames.push(isPath ? { name: text, file: text } : { name: text });
    }
    ofNode[node] = id;
  }
  return { frames, ofNode };
}

function sampledProfile(profile: FlameProfile, frameOf: Int32Array, metric: TrieMetric): string {
  const own = profile.own[metric];
  const tree = flameTree(profile, own);
  const stacks: string[] = [];
  const samples: string[] = [];
  const weights: number[] = [];
  for (let row = 0; row < tree.length; row++) {
    const node = tree.node[row];
    const below = tree.depth[row] > 1 ? `${stacks[tree.parent[row]]},` : "";
    stacks.push(row === 0 ? "" : `${below}${frameOf[node]}`);
    if (own[node] === 0) continue;
    samples.push(`[${stacks[row]}]`);
    weights.push(own[node]);
  }
  return `{"type":"sampled","name":${jsonString(METRIC_WORDS[metric].title)},"unit":"${UNITS[metric]}",` +
    `"startValue":0,"endValue":${tree.total[0]},\n` +
    `"samples":[${samples.join(",")}],\n"weights":[${weights.join(",")}]}`;
}
