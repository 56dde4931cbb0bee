/** Entry of the worker for statistics and trie: connects the host to the messages, nothing else. */
/// <reference lib="deno.worker" />
import type { StatsFlameRequest } from "../../runtime/stats_flame_messages.ts";
import { StatsFlameHost } from "./stats_flame_host.ts";

const host = new StatsFlameHost();

self.onmessage = async (event: MessageEvent<StatsFlameRequest>) => {
  const { reply, transfer } = await host.answer(event.data);
  self.postMessage(reply, transfer);
};
