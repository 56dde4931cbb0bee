import { IorError } from "../../../runtime/errors.ts";
import { isLoopback, type ListenAddress } from "../../options/serve_options.ts";

/** A listener, and where it is. */
export interface Listening extends Disposable {
  listener: Deno.Listener;
  /** For people: a URL, or the path of a socket. */
  name: string;
  /** True when requests must name this machine as their host. */
  isLoopback: boolean;
}

/** Only the owner may read and write. */
const OWNER_ONLY = 0o600;

/** Longest name by which a client can connect to a socket, bytes: `sun_path` of unix(7), without its null byte. */
const NAME_BYTES = 107;

/** Rights of others to change a folder, and the bit that keeps them from names that are not theirs. */
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * Listens at an address, before anything is traced.
 *
 * @throws {IorError} `usage` when that cannot be done.
 */
export async function listenAt(address: ListenAddress): Promise<Listening> {
  return address.kind === "tcp" ? listenTcp(address) : await listenUnix(address.path);
}

function listenTcp({ hostname, port }: Extract<ListenAddress, { kind: "tcp" }>): Listening {
  const shown = hostname.includes(":") ? `[${hostname}]` : hostname;
  let listener: Deno.TcpListener;
  try {
    listener = Deno.listen({ hostname, port });
  } catch (error) {
    throw cannotListen(`${shown}:${port}`, error);
  }
  return {
    listener,
    name: `http://${shown}:${listener.addr.port}/`,
    isLoopback: isLoopback(hostname),
    [Symbol.dispose]: () => {},
  };
}

/**
 * A socket that only its owner may use from its first moment on. One of ours that nobody listens at any more is replaced;
 * nothing else is. Its folder, and those above, are such that nobody else can exchange what is in them meanwhile.
 */
async function listenUnix(path: string): Promise<Listening> {
  const name = `unix:${path}`;
  try {
    const { length } = new TextEncoder().encode(path);
    if (length > NAME_BYTES) {
      throw new RangeError(`its name has ${length} bytes, a socket's has at most ${NAME_BYTES}`);
    }
    const place = await safePlace(path);
    await removeStale(place);
    const listener = listenPrivately(place);
    const { ino } = Deno.lstatSync(place);
    return { listener, name, isLoopback: false, [Symbol.dispose]: () => removeOwn(place, ino) };
  } catch (error) {
    throw cannotListen(name, error);
  }
}

/**
 * Makes the socket where nobody else may look, and gives it its name when its rights are set. The name is a link: it is refused
 * where something else has it by then. The runtime sets no umask without all its permissions.
 */
function listenPrivately(place: string): Deno.UnixListener {
  const made = Deno.makeTempDirSync({ dir: place.slice(0, place.lastIndexOf("/") + 1), prefix: ".ior-" });
  try {
    const path = `${made}/s`;
    const listener = Deno.listen({ transport: "unix", path });
    try {
      Deno.chmodSync(path, OWNER_ONLY);
      Deno.linkSync(path, place);
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener;
  } finally {
    Deno.removeSync(made, { recursive: true });
  }
}

/** The name without links in its folder. */
async function safePlace(path: string): Promise<string> {
  const [, above, name] = /^(.*?)([^/]+)$/s.exec(path) ?? [];
  if (name === undefined || name === "." || name === "..") throw new RangeError("it is the name of a folder");
  const folder = await Deno.realPath(above || ".");
  for (let at = folder;; at = at.slice(0, at.lastIndexOf("/")) || "/") {
    const { uid, mode } = await Deno.lstat(at);
    const isOurs = uid === 0 || uid === Deno.uid();
    const isOpen = ((mode ?? 0) & OTHERS_WRITE) !== 0 && ((mode ?? 0) & STICKY) === 0;
    if (!isOurs || isOpen) throw new RangeError(`others may exchange what is in ${at}`);
    if (at === "/") return folder === "/" ? `/${name}` : `${folder}/${name}`;
  }
}

/** Removes a socket of ours that nobody listens at. */
async function removeStale(place: string): Promise<void> {
  let found: Deno.FileInfo;
  try {
    found = await Deno.lstat(place);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  if (!found.isSocket) throw new RangeError("the name is that of a file that is no socket");
  if (found.uid !== Deno.uid()) throw new RangeError("the socket of that name belongs to another user");
  try {
    (await Deno.connect({ transport: "unix", path: place })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    return await Deno.remove(place);
  }
  throw new Deno.errors.AddrInUse();
}

function removeOwn(place: string, ino: number | null): void {
  try {
    if (Deno.lstatSync(place).ino === ino) Deno.removeSync(place);
  } catch {
    // Somebody else has removed it.
  }
}

function cannotListen(where: string, error: unknown): IorError {
  const [reason, hint] = error instanceof Deno.errors.AddrInUse
    ? ["another program listens there", "Choose another --listen, or end that program"]
    : error instanceof Deno.errors.AddrNotAvailable
    ? ["this machine does not have the address", "Choose an address that `ip address` shows"]
    : error instanceof Deno.errors.PermissionDenied
    ? ["this user may not", "Choose a port from 1024 on, or a socket in a folder of this user"]
    : error instanceof Deno.errors.NotFound
    ? ["its folder does not exist", "Make the folder, or choose another --listen"]
    : [error instanceof Error ? error.message : String(error), "Choose another --listen"];
  return new IorError("usage", `Cannot listen at ${where}: ${reason}`, { hint, cause: error });
}
