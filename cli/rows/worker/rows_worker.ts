/** Entry of the rows worker: connects the host to the messages, nothing else. */
/// <reference lib="deno.worker" />
import { RowsHost } from "./rows_host.ts";
import type { RowsRequest } from "./rows_messages.ts";

const host = new RowsHost();

self.onmessage = (event: MessageEvent<RowsRequest>) => {
  const { reply, transfer } = host.answer(event.data);
  self.postMessage(reply, transfer);
};
