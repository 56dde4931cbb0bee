/** Flamegraphs as files for speedscope: its own JSON format, with a profile for each metric. */
import { type FlameProfile, TRIE_METRICS, type TrieMetric } from "../../runtime/flame.ts";
import { VERSION } from "../../runtime/version.ts";
import { jsonString } from "../rows/json_text.ts";
import { METRIC_WORDS } from "./metrics.ts";
import { type FlameShape, ROOT } from "./profile_builder.ts";
import { flameTree } from "./profile_tree.ts";

/** What the file says about itself. */
export interface SpeedscopeOptions {
  /** Name of the whole, for instance the command. */
  name: string;
  /** The profile shown first. */
  metric: TrieMetric;
}

/** Name of the format; speedscope tells its files by it. */
const SCHEMA = "https://www.speedscope.app/file-format-schema.json";

const UNITS: Readonly<Record<TrieMetric, "none" | "nanoseconds" | "bytes">> = {
  count: "none",
  duration: "nanoseconds",
  gap: "nanoseconds",
  bytes: "bytes",
};

/**
 * A flamegraph as a speedscope file, with one sampled profile for each metric that has values (and for `metric` in any case),
 * each stack one sample and its value the weight. The frames are shared; a call without any frame is a sample of none.
 */
export function renderSpeedscope(profile: FlameProfile, { name, metric }: SpeedscopeOptions): string {
  const frames = sharedFrames(profile);
  const metrics = TRIE_METRICS.filter((other) =>
    other === metric || profile.own[other].some((value) => value > 0)
  );
  const profiles = metrics.map((each) => sampledProfile(profile, frames.ofNode, each));
  return `{"$schema":${jsonString(SCHEMA)},"exporter":${jsonString(`ior ${VERSION}`)},` +
    `"name":${jsonString(name)},"activeProfileIndex":${metrics.indexOf(metric)},` +
    `"shared":{"frames":[${frames.names.map((frame) => `{"name":${jsonString(frame)}}`).join(",")}]},\n` +
    `"profiles":[\n${profiles.join(",\n")}\n]}\n`;
}

/** Each name of each field once: a file and a call of the same name are two frames. */
function sharedFrames({ length, field, name, names }: FlameShape): { names: string[]; ofNode: Int32Array } {
  const ids = new Map<string, number>();
  const shared: string[] = [];
  const ofNode = new Int32Array(length);
  for (let node = ROOT + 1; node < length; node++) {
    const key = `${field[node]} ${name[node]}`;
    let id = ids.get(key);
    if (id === undefined) {
      ids.set(key, id = shared.length);
      shared.push(names[name[node]]);
    }
    ofNode[node] = id;
  }
  return { names: shared, ofNode };
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
