/** Entry of the recorder worker: connects the host to the messages and the clock, nothing else. */
/// <reference lib="deno.worker" />
import type { RecorderRequest } from "../../runtime/recorder_messages.ts";
import { RecorderHost } from "./recorder_host.ts";

/** How often the clock is looked at: a small part of the time a segment lasts. */
const TICK_MS = 250;

const host = new RecorderHost();

self.onmessage = async (event: MessageEvent<RecorderRequest>) => {
  const { reply, transfer } = await host.answer(event.data);
  self.postMessage(reply, transfer);
};

setInterval(() => host.tick(), TICK_MS);
