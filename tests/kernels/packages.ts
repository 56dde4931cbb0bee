/** Debian's packages of another release or architecture, by the host's apt with lists of their own. */
import { run } from "./command.ts";
import type { Machine } from "./machines.ts";

/** Lists older than this are fetched again, milliseconds: sid's kernel changes every week. */
const LISTS_MS = 24 * 60 * 60 * 1000;

/** What the guest runs besides Deno: the tools of the tests that need no compiler, and libbpf. */
const GUEST_PACKAGES =
  "busybox-static coreutils dash findutils grep libbpf1 libc-bin libgcc-s1 mount sed util-linux"
    .split(" ");

/** Packages that those depend on and that nothing in the guest runs. */
const NOT_NEEDED =
  /^(?:perl|libperl|lib.*-perl_|debconf|usrmerge|dpkg|libgdbm|libdb|init-system-helpers|tar_)/;

/** The packages of one release and architecture. */
export class Packages {
  readonly #directory: string;
  readonly #options: string[];

  private constructor(directory: string, options: string[]) {
    this.#directory = directory;
    this.#options = options;
  }

  /** Fetches the lists when they are old. `directory` keeps them and what is downloaded. */
  static async open({ suite, arch }: Machine, directory: string): Promise<Packages> {
    for (const name of ["lists/partial", "archives/partial", "none"]) {
      Deno.mkdirSync(`${directory}/${name}`, { recursive: true });
    }
    const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
    const source = `deb [arch=${arch.debian} signed-by=${keys}] ${mirror()} ${suite} main\n`;
    Deno.writeTextFileSync(`${directory}/sources`, source);
    const options = {
      "APT::Architecture": arch.debian,
      "APT::Architectures": arch.debian,
      "APT::Sandbox::User": "root",
      "Acquire::Languages": "none",
      "Dir::Etc::sourcelist": `${directory}/sources`,
      "Dir::Etc::sourceparts": `${directory}/none`,
      "Dir::State::lists": `${directory}/lists`,
      "Dir::State::status": "/dev/null",
      "Dir::Cache::pkgcache": "",
      "Dir::Cache::srcpkgcache": "",
      "Dir::Cache::archives": `${directory}/archives`,
    };
    const packages = new Packages(
      directory,
      Object.entries(options).map(([name, value]) => `-o${name}=${value}`),
    );
    const stamp = `${directory}/fetched`;
    if (Date.now() - modified(stamp) > LISTS_MS) {
      await packages.#apt("apt-get", "update");
      Deno.writeTextFileSync(stamp, "");
    }
    return packages;
  }

  /** Path of the newest kernel's image; its package is downloaded once. */
  async kernel(debianArch: string): Promise<string> {
    const depends = await this.#apt("apt-cache", "depends", `linux-image-cloud-${debianArch}`);
    const image = /Depends: (linux-image-\d\S+)/.exec(depends)?.[1];
    if (image === undefined) throw new Error(`No kernel image among: ${depends}`);
    // From 7.x on the image itself is in a package beside it.
    const binary = image.replace("linux-image-", "linux-binary-");
    const known = await this.#apt("apt-cache", "pkgnames", binary);
    const name = known.split("\n").includes(binary) ? binary : image;
    const place = `${this.#directory}/${name}`;
    if (modified(`${place}/vmlinuz`) === 0) {
      Deno.mkdirSync(place, { recursive: true });
      await this.#apt("apt-get", "download", name);
      const [archive] = archives(this.#directory).filter((path) => path.includes(`/${name}_`));
      await run("dpkg-deb", ["-x", archive, place]);
      const [found] = (await run("find", [place, "-name", "vmlinuz*", "-type", "f"])).split("\n");
      Deno.renameSync(found, `${place}/vmlinuz`);
    }
    return `${place}/vmlinuz`;
  }

  /** A folder with the files of {@linkcode GUEST_PACKAGES} and all they depend on, made once. */
  async root(): Promise<string> {
    const place = `${this.#directory}/root`;
    if (modified(place) > 0) return place;
    const words = ["install", "-y", "--no-install-recommends", "--download-only"];
    await this.#apt("apt-get", ...words, ...GUEST_PACKAGES);
    const made = `${place}.new`;
    await run("rm", ["-rf", made]);
    for (const name of ["bin", "sbin", "lib", "lib64"]) {
      Deno.mkdirSync(`${made}/usr/${name}`, { recursive: true });
      Deno.symlinkSync(`usr/${name}`, `${made}/${name}`);
    }
    for (const archive of archives(`${this.#directory}/archives`)) {
      if (NOT_NEEDED.test(archive.slice(archive.lastIndexOf("/") + 1))) continue;
      // Older releases have files in /bin and /lib, which are links here as on an installed system.
      const unpack = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"';
      await run("sh", ["-c", unpack, "sh", archive, made]);
    }
    await run("rm", ["-rf", `${made}/usr/share`]);
    Deno.renameSync(made, place);
    return place;
  }

  #apt(tool: "apt-get" | "apt-cache", ...args: string[]): Promise<string> {
    return run(tool, [...this.#options, ...args], this.#directory);
  }
}

/** The archive that the host's apt uses. */
function mirror(): string {
  const given = Deno.env.get("IOR_DEBIAN_MIRROR");
  if (given) return given;
  const lists = ["/etc/apt/sources.list", ...filesOf("/etc/apt/sources.list.d")];
  const text = lists.map((path) => modified(path) > 0 ? Deno.readTextFileSync(path) : "").join("\n");
  const found = /^(?:URIs:|deb(?: \[.*\])?)\s+(\S+\/debian)\/?(?:\s|$)/m.exec(text)?.[1];
  if (found === undefined) {
    throw new Error("Cannot find Debian's archive: apt has none; set IOR_DEBIAN_MIRROR to its address");
  }
  return found;
}

function archives(directory: string): string[] {
  return filesOf(directory).filter((path) => path.endsWith(".deb")).sort();
}

function filesOf(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`);
}

/** When a file was changed, milliseconds since 1970; 0 when there is none. */
function modified(path: string): number {
  try {
    return Deno.statSync(path).mtime!.getTime();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
