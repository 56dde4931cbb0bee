/** What root's ior does with files, attacked by a user who owns the folder. Each attack is first shown to work. */
import assert from "node:assert/strict";
import { openFile, openPartFile } from "../../engine/files/open_file.ts";
import { Files } from "../../bpf/ffi/files.ts";
import { openDirectory } from "../../engine/files/place.ts";
import { openTarget } from "../../engine/recording/recording_files.ts";
import { onlyNamedFiles } from "../engine/files/only_named.ts";
import { compile } from "../kernel_lib/compile.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const NOBODY = { uid: 65534, gid: 65534 };

/** Rounds of a race, and how often the attacker must have been in between. */
const ROUNDS = 200;
const HITS = 20;

/** Longest time of a race on a busy machine, in milliseconds. */
const RACE_MS = 30_000;

/** A file of root's that nobody may read, in a folder that everybody may enter. */
function secretFile(): string {
  const folder = scratchDirectory("secret");
  Deno.chmodSync(folder, 0o755);
  Deno.writeTextFileSync(`${folder}/secret`, "secret");
  Deno.chmodSync(`${folder}/secret`, 0o600);
  return `${folder}/secret`;
}

function folderOf({ uid, gid }: typeof NOBODY, mode: number): string {
  const folder = scratchDirectory("attacked");
  Deno.chownSync(folder, uid, gid);
  Deno.chmodSync(folder, mode);
  return folder;
}

function assertUntouched(secret: string): void {
  const { mode, uid } = Deno.statSync(secret);
  assert.deepEqual([mode! & 0o7777, uid, Deno.readTextFileSync(secret)], [0o600, 0, "secret"]);
}

/** Runs rounds beside the attacker until it has been in between often enough, and `isDone`; returns how often it was. */
async function race(
  folder: string,
  secret: string,
  round: () => Promise<void>,
  isDone = () => true,
): Promise<number> {
  const attacker = new Deno.Command(await compile("tests/kernel_lib/swap_parts.c"), {
    args: [folder, secret],
    cwd: folder, // the checkout may be where nobody else can be
    ...NOBODY,
  }).spawn();
  const deadline = performance.now() + RACE_MS;
  let hits = 0;
  try {
    for (let i = 0; (i < ROUNDS || hits < HITS || !isDone()) && performance.now() < deadline; i++) {
      removeParts(folder);
      await round();
      if (!isLink(`${folder}/out`)) continue;
      hits++;
      removeQuietly(`${folder}/out`);
    }
  } finally {
    attacker.kill("SIGKILL");
    await attacker.status;
  }
  return hits;
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The attacker has moved it.
  }
}

/** What the attacker puts in place when the round is over stays. */
function removeParts(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) {
    if (name.endsWith(".part")) removeQuietly(`${folder}/${name}`);
  }
}

/** A file of root's that is replaced has these permissions. */
function oldFile(folder: string): void {
  Deno.writeTextFileSync(`${folder}/out`, "old");
  Deno.chmodSync(`${folder}/out`, 0o666);
}

Deno.test("The attacker wins where permissions are set through a name", async () => {
  const [folder, secret] = [folderOf(NOBODY, 0o755), secretFile()];
  let lost = false;
  const round = () => {
    const part = `${folder}/out.1.part`;
    oldFile(folder);
    try {
      Deno.openSync(part, { write: true, createNew: true }).close();
      Deno.chmodSync(part, 0o666);
      Deno.renameSync(part, `${folder}/out`);
    } catch {
      // The attacker was between its two steps.
    }
    lost ||= (Deno.statSync(secret).mode! & 0o777) === 0o666;
    return Promise.resolve();
  };
  assert.ok(await race(folder, secret, round, () => lost) >= HITS);
  assert.ok(lost);
});

for (const user of [null, NOBODY]) {
  Deno.test(`The attacker gets nothing where ior writes ${user ? "under sudo" : "as root"}`, async () => {
    const [folder, secret] = [folderOf(NOBODY, 0o755), secretFile()];
    // A file without a name cannot be attacked by one.
    using _ = onlyNamedFiles();
    const hits = await race(folder, secret, async () => {
      if (!user) oldFile(folder);
      try {
        const file = openFile(`${folder}/out`, user);
        await file.write(new TextEncoder().encode("new"));
        await file.complete();
      } catch (error) {
        // The part was moved away and no link was there yet, or the link was there before the part.
        assert.match(String(error), /(no such file or directory|file exists)$/);
      }
      assertUntouched(secret);
    });
    assert.ok(hits >= HITS, `${hits} hits`);
  });
}

Deno.test("Links of others in a shared directory are refused to root, dangling ones too, and first on the way", () => {
  const [folder, secret] = [folderOf({ uid: 0, gid: 0 }, 0o1777), secretFile()];
  const targets = { file: secret, gone: `${secret}.new`, way: secret.replace(/\/secret$/, "") };
  for (const [name, target] of Object.entries(targets)) {
    Deno.symlinkSync(target, `${folder}/${name}`);
    assert.ok(new Deno.Command("chown", { args: ["-h", "65534", `${folder}/${name}`] }).outputSync().success);
  }
  for (const name of ["file", "gone", "way/secret"]) {
    for (const user of [null, { uid: 1234, gid: 1234 }]) {
      assert.throws(() => openFile(`${folder}/${name}`, user), {
        code: "usage",
        message: /through a symbolic link of another user in a directory that everybody may write to$/,
      });
    }
  }
  assertUntouched(secret);
  assert.throws(() => Deno.statSync(targets.gone), Deno.errors.NotFound);
  // One's own link, and the directory owner's, lead on.
  Deno.symlinkSync(targets.gone, `${folder}/own`);
  openFile(`${folder}/own`, null).remove();
});

Deno.test("A FIFO of another user in a shared directory is refused, one's own is not", async () => {
  const folder = folderOf({ uid: 0, gid: 0 }, 0o1777);
  for (const [name, uid] of [["theirs", 65534], ["own", 0]] as const) {
    assert.ok(new Deno.Command("mkfifo", { args: [`${folder}/${name}`] }).outputSync().success);
    Deno.chownSync(`${folder}/${name}`, uid, uid);
  }
  assert.throws(() => openFile(`${folder}/theirs`, null), {
    message: /it is a named pipe of another user in a directory that others may write to$/,
  });
  const reading = new Deno.Command("cat", { args: [`${folder}/own`], stdout: "piped" }).output();
  const file = openFile(`${folder}/own`, null);
  await file.write(new TextEncoder().encode("rows"));
  file.close();
  assert.equal(new TextDecoder().decode((await reading).stdout), "rows");
});

Deno.test("A file keeps permissions of its own user's file only, and never set-uid, set-gid or sticky", async () => {
  const folder = folderOf({ uid: 0, gid: 0 }, 0o777);
  const cases: [owner: number, mode: number, kept: boolean][] = [
    [0, 0o640, true],
    [0, 0o7777, true],
    [0, 0o666, true],
    [65534, 0o6777, false],
    [65534, 0o600, false],
  ];
  const fresh = 0o666 & ~Deno.umask();
  for (const [owner, mode, kept] of cases) {
    for (const user of [null, NOBODY]) {
      const path = `${folder}/out`;
      Deno.writeTextFileSync(path, "old");
      Deno.chownSync(path, owner, owner);
      assert.ok(new Deno.Command("chmod", { args: [mode.toString(8), path] }).outputSync().success);
      const keeps = kept === (user === null);
      await openPartFile(path, user).publish();
      const info = Deno.statSync(path);
      assert.deepEqual(
        [info.mode! & 0o7777, info.uid],
        [keeps ? mode & 0o777 : fresh, user?.uid ?? 0],
        `${mode.toString(8)} of ${owner}, as ${user?.uid ?? 0}`,
      );
      Deno.removeSync(path);
    }
  }
});

Deno.test("Under sudo a file is refused where the calling user may not write", () => {
  const folder = folderOf({ uid: 0, gid: 0 }, 0o755);
  for (const path of [`${folder}/out`, `${secretFile()}/out`, secretFile().replace(/\/secret$/, "/other")]) {
    assert.throws(() => openFile(path, NOBODY), {
      code: "usage",
      message: /: (permission denied|not a directory)$/,
    });
  }
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  assert.deepEqual(Files.open().user, { uid: 0, gid: 0 });
});

Deno.test("No link below the directory of a recording is followed, by nobody's rights nor by root's", () => {
  const secret = secretFile().replace(/\/secret$/, "");
  for (const owner of [null, NOBODY]) {
    for (const link of ["host=a", "host=a/date=2026-08-01"]) {
      const folder = folderOf(NOBODY, 0o755);
      if (link.includes("/")) Deno.mkdirSync(`${folder}/host=a`);
      Deno.symlinkSync(secret, `${folder}/${link}`);
      const target = {
        kind: "directory",
        path: `${folder}/`,
        segmentRows: 1,
        segmentBytes: 1,
        segmentNs: 1,
        keep: null,
      } as const;
      const files = openTarget(target, owner);
      assert.throws(() => files.next("a", "20260801T000000000000000Z-1", 1, 1_785_542_400_000_000_000n), {
        message: /: (it leads through a symbolic link|permission denied)$/,
      });
      assert.deepEqual([...Deno.readDirSync(secret)].map(({ name }) => name), ["secret"]);
    }
  }
});

Deno.test("Directories on the way are made as the calling user, and stay where they are found", () => {
  const folder = folderOf(NOBODY, 0o755);
  const files = Files.open();
  files.close(files.as(NOBODY, () => openDirectory(files, `${folder}/a/b/`, NOBODY.uid, { make: true })));
  for (const path of ["a", "a/b"]) assert.equal(Deno.statSync(`${folder}/${path}`).uid, NOBODY.uid);
});
