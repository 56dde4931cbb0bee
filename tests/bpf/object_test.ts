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
  attach(program: Deno.PointerObject, name: string): Deno.PointerObject {
    if (name === this.refuseAttach) throw new FfiError(`Cannot attach program ${name}`, 1);
    this.log.push(`attach ${nameOf(program)}`);
    return pointer(`link ${name}`);
  }
  iterate(program: Deno.PointerObject, name: string, read: (fd: number) => void): void {
    this.log.push(`iterate ${nameOf(program)} ${name}`);
    read(9);
  }
  destroyLink(link: Deno.PointerObject): void {
    this.log.push(`destroy ${nameOf(link)}`);
  }
}

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
  assert.deepEqual(fake.log.slice(2), [
    "attach object.exit",
    "attach object.enter",
    "destroy link enter",
    "destroy link exit",
    "close object",
  ]);
});

Deno.test("what was attached before an attach that failed is detached", () => {
  const fake = new FakeLibbpf();
  fake.refuseAttach = "enter";
  assert.throws(() => {
    using loaded = opened(fake).load();
    loaded.attach("exit");
    loaded.attach("enter");
  }, /Cannot attach program enter: EPERM/);
  assert.deepEqual(fake.log.slice(2), ["attach object.exit", "destroy link exit", "close object"]);
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
  assert.deepEqual(fake.log.slice(2), [
    "attach object.a",
    "destroy link a",
    "attach object.b",
    "destroy link b",
    "close object",
  ]);
});

Deno.test("an iterator is run by its program's name", () => {
  const fake = new FakeLibbpf();
  using loaded = opened(fake).load();
  const read: number[] = [];
  loaded.iterate("ior_running", (fd) => read.push(fd));
  assert.deepEqual(read, [9]);
  assert.equal(fake.log.at(-1), "iterate object.ior_running ior_running");
});
