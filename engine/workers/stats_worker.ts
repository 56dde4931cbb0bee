/** Entry of the stats worker: connects the host to the messages, nothing else. */
/// <reference lib="deno.worker" />
import type { StatsRequest } from "../../runtime/messages.ts";
import { StatsHost } from "./stats_host.ts";

const host = new StatsHost();

self.onmessage = (event: MessageEvent<StatsRequest>) => {
  const { reply, transfer } = host.answer(event.data);
  self.postMessage(reply, transfer);
};
