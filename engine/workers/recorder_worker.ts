/** Entry of the recorder worker: connects the host to the messages and the clock, nothing else. */
/// <reference lib="deno.worker" />
import type { RecorderRequest } from "../../runtime/recorder_messages.ts";
import { RecorderHost } from "./recorder_host.ts";

/** Interval of checking the clock: a small part of the length of a segment. */
const TICK_MS = 250;

const host = new RecorderHost();

self.onmessage = async (event: MessageEvent<RecorderRequest>) => {
  const { reply, transfer } = await host.answer(event.data);
  self.postMessage(reply, transfer);
};

setInterval(() => host.tick(), TICK_MS);
