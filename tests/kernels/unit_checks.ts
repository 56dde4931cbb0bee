/** What a guest with systemd does with the unit of the package, and what has to come of it. */
import assert from "node:assert/strict";
import { type Part, partsScript, START_S } from "./guest_script.ts";

/** Blocks that a program writes once the service answers. */
const BLOCKS = 100;

/** CAP_PERFMON and CAP_BPF, bits 38 and 39, as /proc has a set of capabilities. */
const CAPABILITIES = "000000c000000000";

const ADDRESS = "http://127.0.0.1:9947";
const SOCKET = "/run/ior/ior.sock";

/** Asks until there is an answer. */
const ask = (words: string) =>
  `curl -sS --fail --retry ${START_S} --retry-delay 1 --retry-max-time ${START_S} --retry-all-errors ${words} 2>/dev/null`;

/** Waits until a command succeeds. */
const until = (command: string) => `timeout ${START_S} sh -c 'until ${command}; do :; done'`;

const write = `dd if=/dev/zero of=/var/tmp/out bs=512 count=${BLOCKS} status=none`;

const show = "systemctl show ior -p ActiveState,SubState,Result,NRestarts,ExecMainStatus,DynamicUser,UID";

/** Recordings that are complete. */
const SEGMENTS = 'find /var/lib/ior/ -name "*.parquet"';

/** Where a guest keeps that the service has answered once: without it nothing of {@linkcode useCommands} can hold. */
const ANSWERED = "/run/answered";

/** What a guest does first. */
const START_COMMANDS: Readonly<Record<string, string>> = {
  kernel: "uname -r",
  systemd: "systemctl --version",
  verify: "systemd-analyze verify --man=no ior.service",
  start: "systemctl start ior",
  health: `${ask(`${ADDRESS}/healthz`)} && touch ${ANSWERED}`,
};

/** What the drop-in gets besides: a socket, and segments that only a reload and the end end. */
const MORE_OPTIONS = `--listen unix:${SOCKET} --segment-time 1h`;

/** What it does with a service that answers. `dropIn` is what the documents add to the unit. */
function useCommands(dropIn: string): Record<string, string> {
  const edited = dropIn.replace("ior serve", `ior serve ${MORE_OPTIONS}`);
  return {
    metrics: `${write}; ${
      until(`curl -s ${ADDRESS}/metrics >/run/metrics && grep -Eq "comm=.dd.. [0-9]{3}" /run/metrics`)
    }; grep -E "^ior_(command_syscalls|lost_syscalls|build_info)" /run/metrics`,
    active: show,
    processes: "cat /sys/fs/cgroup/system.slice/ior.service/cgroup.procs",
    threads:
      'for pid in $(cat /sys/fs/cgroup/system.slice/ior.service/cgroup.procs); do grep -hs . /proc/$pid/task/*/status; done | grep -E "^(Uid|Cap...|NoNewPrivs|Seccomp):" | sort -u',
    limits: "cat /proc/$(systemctl show -P MainPID ior)/limits",
    // As it sees them: systemd 257 maps their owner by the mount.
    folders:
      "(cd /proc/$(systemctl show -P MainPID ior)/root && stat -L -c '%n %u %a' run/ior var/lib/ior var/cache/ior)",
    security: "systemd-analyze security --no-pager ior.service | tail -n 1",
    reload: "systemctl reload ior",
    reloaded: `${ask(`${ADDRESS}/healthz`)}; ${show}`,
    kill: "systemctl kill --signal=KILL ior",
    again: `${until('[ "$(systemctl show -P NRestarts ior)" = 1 ]')}; ${ask(`${ADDRESS}/healthz`)}; ${show}`,
    edit:
      `mkdir /etc/systemd/system/ior.service.d && cat >/etc/systemd/system/ior.service.d/override.conf <<'END'
${edited}
END
systemctl daemon-reload && systemctl restart ior`,
    socket: ask(`--unix-socket ${SOCKET} http://ior/healthz`),
    segment: `${write}; systemctl reload ior; ${until(`${SEGMENTS} | grep -q .`)}; ${SEGMENTS}`,
    recording: show,
    stop: `timeout ${START_S} systemctl stop ior`,
    stopped: `${show}; ${SEGMENTS}`,
    report: `timeout ${START_S} env HOME=/root ior report --json --top 1 --comm ^dd$ /var/lib/ior/`,
  };
}

const END_COMMANDS = { journal: "journalctl -u ior -o cat --no-pager" };

/** The unit that runs the commands, prints what they say to the console, and ends the guest. */
export const CHECKS_UNIT = `[Unit]
Description=Checks of the unit of ior
SuccessAction=poweroff-force
FailureAction=poweroff-force

[Service]
Type=oneshot
TimeoutStartSec=infinity
StandardOutput=tty
StandardError=inherit
TTYPath=/dev/console
Environment=SYSTEMD_COLORS=no NO_COLOR=1
ExecStart=/bin/sh /run-checks
`;

/** The shell script that runs the commands. */
export function unitScript(dropIn: string): string {
  const use = partsScript(useCommands(dropIn));
  return `${partsScript(START_COMMANDS)}if [ -e ${ANSWERED} ]; then\n${use}fi\n${partsScript(END_COMMANDS)}`;
}

/** `NAME=VALUE` lines. */
function properties(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
}

/** What has to hold, by its name; each throws when it does not. `exposure` is the most that systemd may find, of 10. */
export function unitChecks(
  parts: ReadonlyMap<string, Part>,
  exposure: number,
): [name: string, check: () => void][] {
  const output = (name: string) => {
    const part = parts.get(name);
    assert.ok(part, `The guest ended before ${name}`);
    assert.equal(part.status, 0, `${name} ended with ${part.status}: ${part.output}`);
    return part.output;
  };
  const runs = { ActiveState: "active", SubState: "running", Result: "success", DynamicUser: "yes" };
  const holds = (part: string, wanted: Record<string, string>) => {
    const found = properties(output(part));
    for (const [name, value] of Object.entries(wanted)) {
      assert.equal(found[name], value, `${name} of ${part}`);
    }
  };
  const segments = (part: string) => output(part).split("\n").filter((line) => line.endsWith(".parquet"));
  const user = () => properties(output("active")).UID;
  return [
    ["systemd understands the unit", () => assert.equal(output("verify"), "")],
    ["it starts and answers", () => {
      assert.equal(output("start"), "");
      assert.match(output("health"), /^ok\b/);
      holds("active", { ...runs, NRestarts: "0" });
    }],
    ["its metrics have the calls of a program", () => {
      const calls = /^ior_command_syscalls_total\{comm="dd"\} (\d+)$/m.exec(output("metrics"));
      assert.ok(calls && Number(calls[1]) >= BLOCKS, output("metrics"));
    }],
    ["it is one process, of a user made for it", () => {
      assert.equal(output("processes").split("\n").length, 1);
      // systemd takes users of services from 61184 to 65519.
      assert.ok(Number(user()) >= 61_184 && Number(user()) <= 65_519, `User ${user()}`);
    }],
    ["it may run before others while calls come fast", () => {
      assert.match(output("limits"), /^Max nice priority +40 +40 *$/m);
    }],
    ["each thread has CAP_BPF and CAP_PERFMON, no more and no way to more", () => {
      const lines = output("threads").split("\n").map((line) => line.split(/:\s+/));
      const sets = ["CapAmb", "CapBnd", "CapEff", "CapInh", "CapPrm"].map((name) => [name, CAPABILITIES]);
      assert.deepEqual(lines, [
        ...sets,
        ["NoNewPrivs", "1"],
        ["Seccomp", "2"],
        ["Uid", Array(4).fill(user()).join("\t")],
      ]);
    }],
    ["its folders are its user's", () => {
      assert.deepEqual(output("folders").split("\n"), [
        `run/ior ${user()} 755`,
        `var/lib/ior ${user()} 750`,
        `var/cache/ior ${user()} 755`,
      ]);
    }],
    [`systemd finds it exposed by ${exposure} of 10 at most`, () => {
      const found = /exposure level for ior\.service: ([\d.]+) /.exec(output("security"));
      assert.ok(found && Number(found[1]) <= exposure, output("security"));
    }],
    ["a reload leaves it running", () => {
      assert.equal(output("reload"), "");
      holds("reloaded", { ...runs, NRestarts: "0" });
    }],
    ["killed, it is started again", () => {
      assert.equal(output("kill"), "");
      assert.match(output("again"), /^ok\b/);
      holds("again", { ...runs, NRestarts: "1" });
    }],
    ["with the drop-in of the documents it records and answers at a socket; a reload ends a segment", () => {
      assert.equal(output("edit"), "");
      assert.match(output("socket"), /^ok\b/);
      assert.equal(segments("segment").length, 1);
      holds("recording", runs);
    }],
    ["it stops when it is told to, without a failure, and its recordings can be read", () => {
      assert.equal(output("stop"), "");
      holds("stopped", { ActiveState: "inactive", Result: "success", ExecMainStatus: "0" });
      assert.equal(segments("stopped").length, 2);
      assert.ok(JSON.parse(output("report")).calls >= BLOCKS, output("report"));
    }],
    ["the journal has what it says", () => {
      const journal = output("journal");
      assert.match(journal, /^ior: Serving at http:\/\/127\.0\.0\.1:9947/m);
      assert.match(journal, /^ior: Serving at unix:/m);
      assert.doesNotMatch(journal, /error|panic/i);
    }],
  ];
}
