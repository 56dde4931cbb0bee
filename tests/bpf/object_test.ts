import assert from "node:assert/strict";
import { FfiError } from "../../bpf/ffi/errors.ts";
import type { Libbpf } from "../../bpf/ffi/libbpf.ts";
import { OpenedObject } from "../../bpf/object.ts";

/** A libbpf that writes down what it is asked for. Its pointers are plain objects with a name. */
class FakeLibbpf {
  readonly log: string[] = [];
  refuseLoad = false;
  refuseAttach: string | null = null;

  openObject(bytes: Uint8Array): Deno.PointerObject {
    this.log.push(`open ${bytes.length}`);
    return pointer("object");
  }
  findMap(object: Deno.PointerObject, name: string): Deno.PointerObject {
    return pointer(`${nameOf(object)}.${name}`);
  }
  findProgram(object: Deno.PointerObject, name: string): Deno.PointerObject {
    return pointer(`${nameOf(object)}.${name}`);
  }
  setMaxEntries(map: Deno.PointerObject, entries: number): void {
    this.log.push(`size ${nameOf(map)} ${entries}`);
  }
  setInitialValue(map: Deno.PointerObject, value: Uint8Array): void {
    this.log.push(`value ${nameOf(map)} ${value}`);
  }
  setAutoload(program: Deno.PointerObject, load: boolean): void {
    this.log.push(`autoload ${nameOf(program)} ${load}`);
  }
  loadObject(object: Deno.PointerObject): void {
    this.log.push(`load ${nameOf(object)}`);
    if (this.refuseLoad) throw new FfiError("Cannot load the kernel object", 22, "the verifier's words");
  }
  closeObject(object: Deno.PointerObject): void {
    this.log.push(`close ${nameOf(object)}`);
  }
  mapFd(map: Deno.PointerObject): number {
    return nameOf(map).length;
  }
  programFd(program: Deno.PointerObject): number {
    return nameOf(program).length;
  }
  programStats(fd: number) {
    return { runTimeNs: fd, runCount: 0, recursionMisses: 0 };
  }
  sectionOf(program: Deno.PointerObject): string {
    return SECTIONS[nameOf(program)] ?? "tp_btf/something";
  }
  attachTracepoint(program: number, tracepoint: string | null, action: string): number {
    if (action === this.refuseAttach) throw new FfiError(action, 1);
    this.log.push(`attach ${program}${tracepoint === null ? "" : ` to ${tracepoint}`}`);
    return 100 + program;
  }
  attachLink(program: number, target: number, type: number): number {
    this.log.push(`link ${program} to ${target}, ${type}`);
    return 200 + program;
  }
  createIterator(link: number): number {
    this.log.push(`iterate ${link}`);
    return 9;
  }
  close(fd: number): void {
    this.log.push(`close ${fd}`);
  }
}

/** Sections of programs; the others are for a tracepoint that they were loaded for. Descriptors are lengths of names. */
const SECTIONS: Record<string, string> = {
  "object.raw": "raw_tp/io_uring_complete",
  "object.rawer": "raw_tracepoint/io_uring_complete",
};

const pointer = (name: string) => ({ name }) as unknown as Deno.PointerObject;
const nameOf = (object: Deno.PointerObject) => (object as unknown as { name: string }).name;

function opened(fake: FakeLibbpf): OpenedObject {
  return new OpenedObject(fake as unknown as Libbpf, new Uint8Array(3));
}

Deno.test("an opened object takes sizes, configuration and which programs to leave out", () => {
  const fake = new FakeLibbpf();
  using object = opened(fake);
  object.setMaxEntries("ring", 4096);
  object.setSection(".rodata.config", Uint8Array.of(1, 2));
  object.leaveOut("ior_rename");
  assert.deepEqual(fake.log, [
    "open 3",
    "size object.ring 4096",
    "value object..rodata.config 1,2",
    "autoload object.ior_rename false",
  ]);
});

Deno.test("an object that was only opened is closed", () => {
  const fake = new FakeLibbpf();
  opened(fake)[Symbol.dispose]();
  assert.deepEqual(fake.log, ["open 3", "close object"]);
});

Deno.test("loading uses the opened object up, and closing is the loaded one's business", () => {
  const fake = new FakeLibbpf();
  {
    using object = opened(fake);
    using loaded = object.load();
    assert.equal(loaded.mapFd("ring"), "object.ring".length);
    assert.equal(loaded.programStats("ior_enter").runTimeNs, "object.ior_enter".length);
    for (
      const use of [() => object.load(), () => object.setMaxEntries("ring", 1), () => object.leaveOut("x")]
    ) {
      assert.throws(use, /Cannot use an object that was loaded or closed/);
    }
  }
  assert.deepEqual(fake.log, ["open 3", "load object", "close object"]);
});

Deno.test("an object that the kernel refuses is still closed, once", () => {
  const fake = new FakeLibbpf();
  fake.refuseLoad = true;
  assert.throws(() => {
    using object = opened(fake);
    object.load();
  }, { message: "Cannot load the kernel object: EINVAL", detail: "the verifier's words" });
  assert.deepEqual(fake.log, ["open 3", "load object", "close object"]);
});

Deno.test("a closed object cannot be used, and closing it again does nothing", () => {
  const fake = new FakeLibbpf();
  const object = opened(fake);
  object[Symbol.dispose]();
  object[Symbol.dispose]();
  assert.throws(() => object.load(), /loaded or closed/);
  assert.deepEqual(fake.log, ["open 3", "close object"]);
});

Deno.test("programs are detached in reverse, before the object is closed", () => {
  const fake = new FakeLibbpf();
  {
    using loaded = opened(fake).load();
    loaded.attach("exit");
    loaded.attach("enter");
  }
  assert.deepEqual(fake.log.slice(2), ["attach 11", "attach 12", "close 112", "close 111", "close object"]);
});

Deno.test("what was attached before an attach that failed is detached", () => {
  const fake = new FakeLibbpf();
  fake.refuseAttach = "Cannot attach program enter";
  assert.throws(() => {
    using loaded = opened(fake).load();
    loaded.attach("exit");
    loaded.attach("enter");
  }, /Cannot attach program enter: EPERM/);
  assert.deepEqual(fake.log.slice(2), ["attach 11", "close 111", "close object"]);
});

Deno.test("detached programs are not detached again, and may be attached anew", () => {
  const fake = new FakeLibbpf();
  {
    using loaded = opened(fake).load();
    loaded.attach("a");
    loaded.detach();
    loaded.detach();
    loaded.attach("b");
  }
  assert.deepEqual(fake.log.slice(2), ["attach 8", "close 108", "attach 8", "close 108", "close object"]);
});

Deno.test("an iterator is run by its program's name", () => {
  const fake = new FakeLibbpf();
  using loaded = opened(fake).load();
  const read: number[] = [];
  loaded.iterate("walk", (fd) => read.push(fd));
  assert.deepEqual(read, [9]);
  assert.deepEqual(fake.log.slice(2), ["link 11 to 0, 28", "iterate 211", "close 211"]);
});

Deno.test("a program is attached to the tracepoint that its section names, or that it was loaded for", () => {
  const fake = new FakeLibbpf();
  {
    using loaded = opened(fake).load();
    loaded.attach("raw");
    loaded.attach("rawer");
    loaded.attach("enter");
  }
  assert.deepEqual(fake.log.slice(2, 5), [
    "attach 10 to io_uring_complete",
    "attach 12 to io_uring_complete",
    "attach 12",
  ]);
});

Deno.test("a program is attached to an event of perf, which is closed with it", () => {
  const fake = new FakeLibbpf();
  {
    using loaded = opened(fake).load();
    loaded.attachPerfEvent("fault", 33);
  }
  assert.deepEqual(fake.log.slice(2), ["link 12 to 33, 41", "close 212", "close 33", "close object"]);
});

Deno.test("what was loaded is read before the object is used", () => {
  const fake = new FakeLibbpf();
  const read: string[] = [];
  using _loaded = opened(fake).load((object) => read.push(nameOf(object)));
  assert.deepEqual(read, ["object"]);
});
