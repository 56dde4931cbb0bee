/** The DevTools protocol: numbered commands and events as JSON over one WebSocket. */

/** Deadline of one command, milliseconds. Generous: it is only reached when the browser hangs. */
const COMMAND_MS = 60_000;

/** Parameters and results are as the protocol has them. */
// deno-lint-ignore no-explicit-any
export type Fields = Record<string, any>;

/** An event of the browser. */
export interface DevtoolsEvent {
  method: string;
  params: Fields;
  sessionId?: string;
}

/** The client's end of a connection to a browser. */
export class Devtools {
  /** Each is called with every event. */
  readonly listeners: ((event: DevtoolsEvent) => void)[] = [];
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, PromiseWithResolvers<Fields>>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = () => this.#fail(new Error("The browser closed the connection"));
  }

  /** Connects to the `ws:` address that the browser names. */
  static async connect(address: string): Promise<Devtools> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`Cannot connect to ${address}`));
    });
    return new Devtools(socket);
  }

  /** Sends a command, to a page when `sessionId` names one; resolves with its result, rejects with the browser's error. */
  async send(method: string, params: Fields = {}, sessionId?: string): Promise<Fields> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<Fields>();
    this.#pending.set(id, answer);
    const deadline = AbortSignal.timeout(COMMAND_MS);
    deadline.onabort = () => answer.reject(new Error(`${method} was not answered in ${COMMAND_MS} ms`));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    try {
      return await answer.promise;
    } finally {
      deadline.onabort = null;
      this.#pending.delete(id);
    }
  }

  close(): void {
    this.#socket.close();
  }

  #receive(message: Fields): void {
    if (message.id === undefined) {
      for (const listener of this.listeners) listener(message as DevtoolsEvent);
      return;
    }
    const answer = this.#pending.get(message.id);
    if (message.error) answer?.reject(new Error(`${message.error.message} (${message.error.code})`));
    else answer?.resolve(message.result);
  }

  #fail(error: Error): void {
    for (const answer of this.#pending.values()) answer.reject(error);
  }
}
