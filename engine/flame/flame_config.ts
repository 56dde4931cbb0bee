/** Checks the configuration of a trie: each function returns a checked copy, or throws an {@linkcode IorError}. */
import { IorError } from "../../runtime/errors.ts";
import { TRIE_FIELDS, TRIE_METRICS, type TrieField, type TrieMetric } from "../../runtime/flame.ts";
import { MAX_TRIE_NODES_LIMIT } from "../../runtime/flame_messages.ts";

/** Smallest limit of nodes: with the root and one `[other]` frame, and a quarter of it to spare. */
const MIN_NODES = 4;

/** Frames in order; at least one, each a known one, none twice. */
export function checkedFields(fields: readonly string[]): TrieField[] {
  if (fields.length === 0) throw badFields("the list is empty", "it must have one or more");
  for (const [i, field] of fields.entries()) {
    if (!isField(field)) throw badFields(`\`${field}\` is unknown`, "it must be one");
    if (fields.indexOf(field) < i) throw badFields(`\`${field}\` is listed twice`, "it must have each once");
  }
  return fields.filter(isField);
}

/** What widths count. */
export function checkedMetric(metric: string): TrieMetric {
  const found = TRIE_METRICS.find((name) => name === metric);
  if (found !== undefined) return found;
  throw new IorError(
    "usage",
    `Cannot count \`${metric}\` in a flamegraph: it must be one of ${TRIE_METRICS.join(", ")}`,
  );
}

/** Maximum number of nodes. */
export function checkedMaxNodes(maxNodes: number): number {
  if (Number.isSafeInteger(maxNodes) && maxNodes >= MIN_NODES && maxNodes <= MAX_TRIE_NODES_LIMIT) {
    return maxNodes;
  }
  throw new IorError(
    "usage",
    `Cannot keep ${maxNodes} nodes of a flamegraph: it must be a whole number from ${MIN_NODES} to ${MAX_TRIE_NODES_LIMIT}`,
  );
}

function isField(name: string): name is TrieField {
  return TRIE_FIELDS.some((field) => field === name);
}

function badFields(found: string, wanted: string): IorError {
  return new IorError(
    "usage",
    `Cannot use the frames of a flamegraph: ${found}, ${wanted} of ${TRIE_FIELDS.join(", ")}`,
    { hint: "For instance comm,syscall,path" },
  );
}
