/** Entry of the flame worker: connects the host to the messages, nothing else. */
/// <reference lib="deno.worker" />
import type { FlameRequest } from "../../runtime/flame_messages.ts";
import { FlameHost } from "./flame_host.ts";

const host = new FlameHost();

self.onmessage = async (event: MessageEvent<FlameRequest>) => {
  const { reply, transfer } = await host.answer(event.data);
  self.postMessage(reply, transfer);
};
