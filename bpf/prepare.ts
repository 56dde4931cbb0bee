/** Makes of a loaded object what the next load needs: see prepared.ts. */
import { FfiError } from "./ffi/errors.ts";
import { ENOENT, type Libbpf } from "./ffi/libbpf.ts";
import { ObjectReader, type ReadProgram } from "./ffi/object_reader.ts";
import { concatenate } from "./file_names.ts";
import type { LoadOptions } from "./object.ts";
import { functionsOf, ObjectFile } from "./object_file.ts";
import {
  encodePrepared,
  mapReferences,
  type Place,
  type PreparedHead,
  type PreparedMap,
  type PreparedProgram,
  RING,
} from "./prepared.ts";

/** Where `struct bpf_map_info` and `struct bpf_prog_info` have what is read (`linux/bpf.h`). */
const MapInfo = {
  TYPE: 0,
  KEY_BYTES: 8,
  VALUE_BYTES: 12,
  MAX_ENTRIES: 16,
  FLAGS: 20,
  TYPES_ID: 64,
  KEY_TYPE: 68,
  VALUE_TYPE: 72,
  BYTES: 88,
} as const;
const ProgramInfo = { TYPE: 0, ID: 4, ATTACHED_TYPE: 224, BYTES: 232 } as const;

const BPF_MAP_TYPE_PROG_ARRAY = 3;
const BPF_MAP_TYPE_ARRAY_OF_MAPS = 12;

/**
 * The file that {@linkcode loadPrepared} reads.
 *
 * @throws {RangeError} For an object with something in it that is not known here: then there is none.
 */
export function prepareFrom(
  libbpf: Libbpf,
  object: Deno.PointerObject,
  boot: string,
  { bytes, leftOut, maxEntries }: LoadOptions,
): Uint8Array<ArrayBuffer> {
  using reader = new ObjectReader(libbpf);
  const body = new Body();
  const info = (fd: number, bytes: number) => {
    const view = new DataView(new ArrayBuffer(bytes));
    libbpf.info(fd, new Uint8Array(view.buffer));
    return (at: number) => view.getUint32(at, true);
  };
  const file = new ObjectFile(bytes);
  const read = [...reader.programs(object)].filter(({ fd }) => fd >= 0)
    .sort((a, b) => b.instructions.length - a.instructions.length);
  const infos = read.map(({ fd }) => info(fd, ProgramInfo.BYTES));
  const nameOfId = new Map(infos.map((at, i) => [at(ProgramInfo.ID), read[i].name]));
  const mapsRead = [...reader.maps(object)].sort((a, b) => Number(b.name === RING) - Number(a.name === RING));
  let typesId = 0;
  const maps = mapsRead.map(({ name, fd, value }): PreparedMap => {
    const at = info(fd, MapInfo.BYTES);
    typesId ||= at(MapInfo.TYPES_ID);
    return {
      name,
      type: at(MapInfo.TYPE),
      keyBytes: at(MapInfo.KEY_BYTES),
      valueBytes: at(MapInfo.VALUE_BYTES),
      maxEntries: at(MapInfo.MAX_ENTRIES),
      flags: at(MapInfo.FLAGS),
      keyType: at(MapInfo.KEY_TYPE),
      valueType: at(MapInfo.VALUE_TYPE),
      ofRings: at(MapInfo.TYPE) === BPF_MAP_TYPE_ARRAY_OF_MAPS,
      value: value?.some((byte) => byte !== 0) ? body.add(value) : null,
      programs: at(MapInfo.TYPE) === BPF_MAP_TYPE_PROG_ARRAY ? programsIn(libbpf, fd, nameOfId) : [],
    };
  });
  const mapOfFd = new Map(mapsRead.map(({ fd }, i) => [fd, i]));
  const programs = read.map((program, i): PreparedProgram => ({
    name: program.name,
    section: program.section,
    type: infos[i](ProgramInfo.TYPE),
    expectedAttachType: program.expectedAttachType,
    attachedType: infos[i](ProgramInfo.ATTACHED_TYPE),
    flags: program.flags,
    functions: body.add(
      new Uint8Array(new Uint32Array(functionsOf(file, program).flat()).buffer),
    ),
    instructions: body.add(withoutMaps(program, mapOfFd)),
  }));
  const head: PreparedHead = {
    boot,
    libbpf: libbpf.version,
    leftOut,
    sized: Object.keys(maxEntries),
    license: file.license,
    object: body.add(bytes),
    types: body.add(reader.types(typesId)),
    maps,
    programs,
  };
  return encodePrepared(head, body.bytes());
}

/** Parts behind each other. */
class Body {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(part: Uint8Array): Place {
    const from = this.#length;
    this.#parts.push(part);
    this.#length += part.length;
    return [from, part.length];
  }

  bytes(): Uint8Array {
    return concatenate(this.#parts);
  }
}

/** What a map of programs holds: the kernel shows their numbers. */
function programsIn(
  libbpf: Libbpf,
  fd: number,
  nameOfId: ReadonlyMap<number, string>,
): [index: number, program: string][] {
  return libbpf.keysOf(fd, 4).flatMap((key) => {
    const value = new Uint32Array(1);
    try {
      libbpf.lookupElement(fd, key, new Uint8Array(value.buffer));
    } catch (error) {
      if (error instanceof FfiError && error.errno === ENOENT) return [];
      throw error;
    }
    const program = nameOfId.get(value[0]);
    if (program === undefined) throw new RangeError(`no program has the number ${value[0]}`);
    return [[new Uint32Array(key.buffer)[0], program]];
  });
}

/** A program's instructions with the numbers of maps instead of their descriptors. */
function withoutMaps(
  { name, instructions }: ReadProgram,
  mapOfFd: ReadonlyMap<number, number>,
): Uint8Array<ArrayBuffer> {
  const numbers = new Uint32Array(instructions.buffer);
  for (const at of mapReferences(instructions)) {
    const map = mapOfFd.get(numbers[at]);
    if (map === undefined) throw new RangeError(`${name} refers to an unknown map`);
    numbers[at] = map;
  }
  return instructions;
}
