import assert from "node:assert/strict";
import { COMMANDS } from "../../cli/commands/commands.ts";
import { ROOT } from "./tree.ts";

/**
 * What a command loads before it does its work: at most so many modules, and no packages of others unless listed. Modules of
 * `node:` count as packages: each takes longer to load than a hundred of ours (`node:child_process` is half of Deno's own start).
 */
const STARTS: Record<string, { modules: number; packages?: string[] }> = {
  trace: { modules: 275 },
  top: { modules: 265 },
  stream: { modules: 215 },
  record: { modules: 220 },
  files: { modules: 240 },
  flame: { modules: 300, packages: ["node:path", "node:events", "node:zlib", "node:crypto"] },
  report: { modules: 265, packages: ["node:path", "node:events", "node:zlib"] },
  diff: { modules: 285, packages: ["node:path", "node:events", "node:zlib"] },
  probes: { modules: 181 },
  doctor: { modules: 180 },
  serve: { modules: 400, packages: ["node:path", "node:events", "node:zlib", "node:crypto"] },
  completions: { modules: 95 },
  man: { modules: 150 },
  schema: { modules: 95 },
};

/** The modules that every command loads. */
const FIRST = ["cli/main.ts", "cli/commands/parse.ts", "cli/commands/parse_command.ts"];

/** What splits the words of every command line. */
const COMMAND_LINE = "node:util";

interface Graph {
  modules: { specifier: string; dependencies?: Dependency[] }[];
}

interface Dependency {
  specifier: string;
  code?: { specifier?: string };
  isDynamic?: boolean;
}

/** What a module loads at once, in the graph that the runtime makes; dynamic imports are not among it. */
function loadedFrom(graph: Graph, entries: string[]): Set<string> {
  const modules = new Map(graph.modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const next = [...entries];
  for (let specifier = next.pop(); specifier !== undefined; specifier = next.pop()) {
    if (loaded.has(specifier)) continue;
    loaded.add(specifier);
    for (const { code, isDynamic } of modules.get(specifier)?.dependencies ?? []) {
      if (code?.specifier !== undefined && !isDynamic) next.push(code.specifier);
    }
  }
  return loaded;
}

function graphOf(entry: string): Graph {
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--frozen", entry],
    cwd: ROOT,
    stderr: "inherit",
  }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout));
}

function startFaults(graph: Graph, name: string): string[] {
  const { modules, packages = [] } = STARTS[name];
  const allowed = [COMMAND_LINE, ...packages];
  const own = ["command.ts", "run.ts"].map((file) => `cli/commands/${name}/${file}`);
  const root = `file://${ROOT}/`;
  const known = new Set(graph.modules.map(({ specifier }) => specifier));
  const entries = [...FIRST, ...own].map((path) => root + path).filter((entry) => known.has(entry));
  const loaded = [...loadedFrom(graph, entries)];
  const others = loaded.filter((specifier) =>
    !specifier.startsWith("file:") && !allowed.some((start) => specifier.startsWith(start))
  );
  const faults = others.map((specifier) => `ior ${name} loads ${specifier} when it starts`);
  if (loaded.length > modules) {
    faults.push(`ior ${name} loads ${loaded.length} modules when it starts, at most ${modules} are allowed`);
  }
  return faults;
}

Deno.test("A command loads only what it needs when it starts", () => {
  const graph = graphOf("cli/main.ts");
  assert.deepEqual(Object.keys(COMMANDS).sort(), Object.keys(STARTS).sort());
  assert.deepEqual(Object.keys(STARTS).flatMap((name) => startFaults(graph, name)), []);
});

Deno.test("Nothing is loaded before the command is known but what every command needs", () => {
  const loaded = loadedFrom(graphOf("cli/main.ts"), [`file://${ROOT}/cli/main.ts`]);
  assert.ok(loaded.size <= 75, `${loaded.size} modules`);
});

Deno.test("The gate finds a package and a module too many", () => {
  const file = (path: string) => `file://${ROOT}/${path}`;
  const entry = file("cli/commands/schema/command.ts");
  const load = (specifier: string, isDynamic?: boolean) => ({ specifier, code: { specifier }, isDynamic });
  const graph = (...dependencies: Dependency[]) => ({
    modules: [{ specifier: file("cli/main.ts"), dependencies: [load(entry)] }, {
      specifier: entry,
      dependencies,
    }],
  });
  assert.deepEqual(startFaults(graph(load("node:fs", true)), "schema"), []);
  assert.equal(startFaults(graph(load("node:fs")), "schema").length, 1);
  const many = Array.from({ length: STARTS.schema.modules }, (_, i) => load(file(`cli/${i}.ts`)));
  assert.equal(startFaults(graph(...many), "schema").length, 1);
});
