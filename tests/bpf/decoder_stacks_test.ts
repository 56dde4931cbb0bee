import assert from "node:assert/strict";
import type { RawStack } from "../../bpf/symbols/raw_stack.ts";
import { StackTexts } from "../../bpf/symbols/stack_texts.ts";
import { STACK_SLOTS, URING_FIRST } from "../../bpf/wire.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { callRecord, decoding, feed, pathRecord, stackRecord, taskRecord, withExtra } from "./records.ts";

/** A decoder whose stacks are named by their addresses. */
function stacksDecoder(where: string | null = null) {
  const named: [stack: RawStack, exe: string | null][] = [];
  const { decoder } = decoding(where, {
    extras: ["stacks"],
    stacks: new StackTexts({
      name(stack, exe) {
        named.push([stack, exe]);
        return stack.frames.map(({ address }) => `f${address}`).reverse().join(";");
      },
    }),
  });
  return { decoder, named };
}

/** The texts of the stacks of a batch's calls, by the names that came with it. */
function stacksOf(
  { columns, files, length }: EventBatch,
  known = new Map<number, string>(),
): (string | undefined)[] {
  for (const { slot, path } of files) known.set(slot, path);
  return Array.from(columns.extra!.stack.subarray(0, length), (slot) => known.get(slot));
}

const call = (stackId: number) => withExtra(callRecord(), { stackId });

Deno.test("A stack is named once, when it is announced, and each call has its text", () => {
  const { decoder, named } = stacksDecoder();
  feed(
    decoder,
    taskRecord(),
    pathRecord(5, "/bin/x"),
    stackRecord(1, [30n, 20n, 10n], 5),
    stackRecord(2, [31n]),
  );
  feed(decoder, call(1), call(2), call(1), call(0));
  assert.deepEqual(stacksOf(decoder.takeBatch()!), ["f10;f20;f30", "f31", "f10;f20;f30", undefined]);
  assert.deepEqual(named.map(([, exe]) => exe), ["/bin/x", null]);
  assert.equal(named[0][0].pid, 70);
  assert.equal(named[0][0].program, "70,5,2");
});

Deno.test("Stacks of the same functions are one name", () => {
  const { decoder } = stacksDecoder();
  feed(decoder, taskRecord(), stackRecord(1, [1n]), stackRecord(2, [1n]), call(1), call(2));
  const { columns, files } = decoder.takeBatch()!;
  assert.equal(files.length, 1);
  assert.equal(columns.extra!.stack[0], columns.extra!.stack[1]);
});

Deno.test("A call so long that its stack's place was given away has none, not that of another", () => {
  const { decoder } = stacksDecoder();
  feed(decoder, taskRecord(), stackRecord(1, [1n]), stackRecord(1 + STACK_SLOTS, [2n]));
  feed(decoder, call(1), call(1 + STACK_SLOTS));
  assert.deepEqual(stacksOf(decoder.takeBatch()!), [undefined, "f2"]);
});

Deno.test("A condition on the stack is judged for each call, and one without a stack does not match", () => {
  const { decoder } = stacksDecoder('stack ~ "*f20*"');
  feed(
    decoder,
    taskRecord(),
    stackRecord(1, [30n, 20n, 10n]),
    stackRecord(2, [31n]),
    call(2),
    call(1),
    call(0),
  );
  assert.deepEqual(stacksOf(decoder.takeBatch()!), ["f10;f20;f30"]);
});

Deno.test("A stack of a wrong length, and one that nobody asked for, is an error", () => {
  const { decoder } = stacksDecoder();
  const stack = stackRecord(1, [1n, 2n]);
  assert.throws(() => feed(decoder, stack.subarray(0, stack.length - 8)), /Cannot decode a stack/);
  assert.throws(() => feed(decoding().decoder, stack), /Cannot decode a stack/);
});

Deno.test("A request to io_uring has no stack, whatever stands behind its record", () => {
  const { decoder } = stacksDecoder();
  const request = withExtra(callRecord({ nr: URING_FIRST + 22 }), { stackId: 1 });
  feed(decoder, taskRecord(), stackRecord(1, [1n]), request, call(1));
  assert.deepEqual(stacksOf(decoder.takeBatch()!), [undefined, "f1"]);
});
