/** What the examples of the help and of the documents name, and what stands in its place in a test. */

/**
 * Programs of the examples, as scripts: short, and doing what the example is about. sqlite3 is there for as long as a slow
 * disk would keep it: the library that calls fdatasync is found among its mappings.
 */
export const PROGRAMS: Readonly<Record<string, string>> = {
  make: "cat /etc/passwd >made; ls -R /etc/default >/dev/null",
  import_notes: 'rm -f notes.db; { echo "CREATE TABLE notes (text); $1"; ' +
    `seq 200 | sed "s/.*/INSERT INTO notes VALUES ('note &');/"; echo "$2"; echo ".shell sleep 0.5"; } | sqlite3 notes.db`,
  nginx: "cat /etc/nginx-of-the-example.conf; exit 0",
};

/** Runs until it is killed: reads, writes, syncs, renames and removes a log file, connects a socket, fails to open a file. */
export const BUSY = "while :; do echo x >busy.log; cat busy.log >/dev/null; sync -d busy.log; " +
  "mv busy.log old-busy.log; rm old-busy.log; getent passwd root >/dev/null; nginx 2>/dev/null; sleep 0.05; done";

/** Words of an example and what is run in their place. `PID` is that of a busy process. */
export const SUBSTITUTES: readonly (readonly [RegExp, string])[] = [
  [/^sudo /, ""],
  [/\.\/ior/g, "ior"],
  [/\b1234\b/, "PID"],
  [/^ior serve.*/, "$& 2>&1"],
  [/-d (10s|1m)\b/, "-d 1s"],
  [/--interval 1s -n 60/, "--interval 200ms -n 3"],
  [/\/var\/lib\/ior\//, "rec/"],
  [/-u www-data/, "-u root"],
  [/--trigger 'latency ?> ?\d+m?s'/, "--trigger 'path ~ busy.log'"],
  [/--trigger 'errno = EIO'/, "--trigger 'errno = ENOENT'"],
  [/--slower \d+ms/, "--slower 1us"],
  [/--cgroup web/, "--cgroup /"],
  [/-P '\/(?:etc|srv)\/\*\*'/, "-P busy.log"],
];

/** Lines of the documents that are run, but not as examples. */
export const ELSEWHERE: readonly string[] = [
  "./tests/run", // by .ci/run
  "deno task pack", // by tests/kernel/packed_test.ts, as a function
  "scp dist/ior server:",
  "deno task deb", // by tests/kernel/debian_test.ts, as a function
  "apt install ./dist/ior_0.1.0_amd64.deb", // there too, by dpkg: it has no network
  "deno task compile", // by tests/setup/compile_test.ts, as far as it goes without a denort
];

/** Examples without an end of their own: they get a duration. */
export const ENDLESS = /^ior (?:trace|stream|record|serve)(?!.*(?: -- | -d | -n )|.* -x )/;

/** Examples that need a terminal, and what it shows when they work. */
export const IN_TERMINAL = /^ior top(?!.* --(?:batch|json))/;
export const IN_TERMINAL_SHOWN = / 1 ?Overview/;

/** What shows that an example does what it says: in what it prints, or as a file that it leaves. */
export const SHOWN: Readonly<Record<string, RegExp | string>> = {
  "ior trace -- make": /made/,
  "ior trace -d 10s": /loss/,
  "ior trace -p 1234 --slower 5ms": /busy\.log/,
  "ior trace -x -P '^/etc/' -- nginx -t": /nginx-of-the-example\.conf/,
  "ior trace --where 'bytes>1k' -- make": /--where 'bytes > 1k'/,
  "ior trace --json -- make | jq .files": /"path": ".*\/made"/,
  "ior trace --by process,file -p 1234": /busy\.log/,
  "ior trace --interval 1s -n 60": /(^\d\d:\d\d:\d\d\.\d .*\n){3}/m,
  "ior trace --assert 'p99<5ms' -- make": /loss/,
  "ior trace --flame make.html -- make": "make.html",
  "ior top --batch -n 2 -- make": /calls\/s/,
  "ior top --batch -n 1 --view files": /FILE/,
  "ior top --json --interval 1s -n 2": /^(\{"schema":"ior.report\/1".*\n){2}$/,
  "ior top --batch --interval 10s run.parquet": /calls\/s/,
  "ior stream -- ls -l": /openat/,
  "ior stream -e /unlink/ -P '.log$'": /unlinkat.*busy\.log/,
  "ior stream -p 1234 --slower 10ms": /busy\.log/,
  "ior stream -u www-data --kind write": /write/,
  "ior stream --json -- ls | jq .path": /"\//,
  "ior stream -x run.parquet": /ENOENT/,
  "ior record run.parquet -- make": "run.parquet",
  "ior record rec/ --keep 1000": "rec",
  "ior record run.parquet -p 1234 -d 1m": "run.parquet",
  "ior record slow/ --trigger 'latency>1s'": "slow",
  "ior serve": /Serving at http:\/\/127\.0\.0\.1:9947\//,
  "ior serve --listen unix:/run/ior.sock": /Serving at unix:\/run\/ior\.sock/,
  "ior serve --listen 0.0.0.0:9947 --token-file token": /Serving at http:\/\/0\.0\.0\.0:9947\//,
  "ior serve --otlp http://127.0.0.1:4318": /Cannot send metrics to http:\/\/127\.0\.0\.1:4318\/v1\/metrics/,
  "ior serve --record rec/ --max-bytes 10G": "rec",
  "ior flame -o make.html -- make": "make.html",
  "ior flame run.parquet -o a.svg": "a.svg",
  "ior flame --metric bytes -d 10s": /bytes/,
  "ior flame --diff a.html b.html -o c.html": "c.html",
  "ior report run.parquet": /made|busy\.log/,
  "ior report --json rec/": /"schema": "ior.report\/1"/,
  "ior report -x --by process,errno run.parquet": /ENOENT/,
  "ior diff before.parquet after.parquet": /wall|calls/,
  "ior diff before.json after.json": /wall|calls/,
  "ior diff --fail-on 'p99 > 1.2x' a.json b.json": /wall|calls/,
  "ior schema report": /ior\.report/,
  "ior schema rows": /ior\.rows/,
  "ior schema diff": /ior\.diff/,
  "ior schema flame": /ior\.flame/,
  "ior schema explain": /ior\.explain/,
  'ior trace --explain -x --where "comm ~ postgres and path ~ *.wal and bytes > 64k"': /5\. In user space/,
  "ior doctor": /^ior can trace here\.$/m,
  "ior doctor --json | jq .can_trace": /^true$/m,
  "ior help filter": /^How the selection works:$/m,
  "ior help report": /^Tables:$/m,
  "ior diff -P /var a.parquet b.parquet": /wall|calls/,
  "ior man trace | man -l -": /^SYNOPSIS$/m,
  "ior man filter | man -l -": /^HOW CONDITIONS WORK$/m,
  "ior completions bash": /^complete -F _ior ior$/m,
  "ior completions zsh": /^#compdef ior$/m,
  "ior completions fish": /^complete -c ior /m,
  "ior schema files": /ior\.files/,
  "ior schema doctor": /ior\.doctor/,
  "ior schema probes": /ior\.probes/,
  "ior probes --family Network": /^accept .*yes$/m,
  "ior probes -e /xattr/": /^getxattr .*yes$/m,
  "ior probes --json | jq -r .calls[].syscall": /^openat$/m,
  // Of the documents.
  "ior trace -d 10s --sample FS=100,fsync=1": /^sampling +rows are 1 of 100 .*FS/m,
  "ior trace -d 10s --no-rows": /^sampling /m,
  "ior trace -d 1s --no-rows": /^sampling /m,
  "ior trace -d 10s --auto-sample": /loss/,
  "ior trace -- ls": /^command +ls$/m,
  "ior trace -- ls -lR /usr/share/doc": /\/usr\/share\/doc/,
  "ior trace --top 4 --tables files,syscalls -- ls -lR /usr/share/doc": /\/usr\/share\/doc/,
  "ior top --batch -n 2 --view files -- make": /made/,
  "ior top --batch -n 1 --view mapped -- make": /BYTES/,
  "ior stream -p 1234": /busy\.log/,
  "ior trace -d 10s --by comm --columns calls,time,p99,latency": /^By comm, by time$/m,
  "ior trace --assert 'errors(ENOSPC) = 0' --assert 'calls(path ~ \"*.tmp\") < 100' -- make": /loss/,
  "ior trace --record run.parquet --flame make.html -- make": "make.html",
  "ior stream --where 'syscall = connect'": / connect\b/,
  "ior trace -d 10s --where 'latency > 5ms and path ~ *.db or errno = EIO'": /--where/,
  "ior trace -d 10s --cgroup web": /busy\.log/,
  "ior trace -d 10s --by cgroup,comm": /CGROUP \/ COMM$/m,
  "ior stream --columns time,comm,syscall,path,latency_ns -p 1234": /busy\.log/,
  "ior stream --format ndjson -- make": /"type":"end"/,
  "ior flame --fields path,comm --metric bytes -d 10s": /bytes/,
  "ior trace --json -o report.json -- make": "report.json",
  "ior record /var/lib/ior/ --keep 1000": "rec",
  "ior files -- make": /made/,
  "ior files --cache --stacks -- make": /CACHED%.*STACK/,
  "ior trace --waits --cache --top 3 --tables advice,files,syscalls -- import_notes":
    /^- \d+ syncs for [^]* \S*notes\.db-journal$/m,
  "ior files -P 'notes.db*' --sort opened --top 3 -- import_notes":
    /notes\.db$[^]*notes\.db-journal$[^]*^\d+ more sessions/m,
  "ior flame --stacks --format text -e fdatasync -- import_notes":
    /libsqlite3[^]*fdatasync[^]*notes\.db-journal/,
  "ior record --waits slow.parquet -- import_notes": "slow.parquet",
  "ior record --waits fast.parquet -- import_notes 'BEGIN;' 'COMMIT;'": "fast.parquet",
  "ior diff --top 1 slow.parquet fast.parquet": /^fdatasync +\d+ → \d+ /m,
  "ior trace --brief --assert 'calls(fdatasync) < 20' -- import_notes 'BEGIN;' 'COMMIT;'": /exit status 0/,
  "ior files --parquet -o files.parquet -- make": "files.parquet",
  "ior files -d 10s -P /var": /No call was lost|FILE/,
  "ior files --slower 5ms run.parquet": /FILE/,
  "ior record made.parquet --family FS,Process --arguments -- make": "made.parquet",
  "ior files made.parquet": /FILE/,
  "ior files --json -- make | jq '.sessions[] | select(.access == \"random\")'": /^$|"random"/,
  "ior record run.parquet": "run.parquet",
  "ior trace --waits --cache -- make": /^spent +.* on a processor/m,
  "ior stream --where 'iowait > 5ms' -- make": /SYSCALL/,
  "ior stream --columns comm,path,latency_ns,iowait_ns,runqueue_ns -p 1234": /IOWAIT.*\n[^]*busy\.log/,
  "ior stream --cache --json -- make": /"fetched_bytes":\d/,
  "ior stream --where 'flags ~ O_DSYNC or flags ~ O_DIRECT' -p 1234": /SYSCALL/,
  "ior flame --stacks -o make.html -- make": "make.html",
  "ior trace --by stack -- make": /^By stack, by time$/m,
  "ior stream --columns comm,syscall,path,stack -- make": /;.* \/etc\/passwd/,
  "ior record --stacks run.parquet -- make": "run.parquet",
  "ior record slow/ --trigger 'latency > 100ms' --before 10s --after 5s": "slow",
  "ior record slow/ --trigger 'errno = EIO' --exec 'sh -c \"echo $IOR_COMM $IOR_FILE >>eio.log\"' -d 1m":
    "eio.log",
  "ior stream --format ndjson": /"type":"end"/,
  "ior stream --format chrome -o trace.json -- make": "trace.json",
  "ior flame make.html -o make.svg": "make.svg",
  "ior flame --diff before.parquet after.parquet -o diff.html": "diff.html",
  "ior diff --fail-on 'p99(read) > 1.2x' a.json b.json": /wall|calls/,
  // Of those for users of strace and perf trace.
  "ior stream --family all -- make": / mmap\b/,
  "ior stream -e %file -- make": / openat .*made/,
  "ior stream --family all -p 1234": / wait4\b/,
  "ior stream --family all -x -- make": / E[A-Z]+/,
  "ior stream -P '^/etc/passwd$' -- make": /\/etc\/passwd/,
  "ior trace --family all -- make": /^mmap /m,
  "ior stream --format strace -o log -- make": "log",
  "ior stream --family all -p 1234 --slower 5ms": / wait4\b/,
  "ior stream -e openat,close": / close\b/,
  "ior trace -d 10s --family all --by thread,syscall": /^By thread and syscall, by time$/m,
  "ior trace --family all --tables errors -- make": /^Errors by calls$/m,
  // Of those for users of bcc, bpftrace and sysdig, and of others.
  "ior stream --kind open": / openat .*busy\.log/,
  "ior stream --kind open -x": / openat .*ENOENT/,
  "ior stream --kind stat": /stat/,
  "ior stream --kind sync": / fdatasync .*busy\.log/,
  "ior stream --kind open,delete --where 'flags ~ O_CREAT or syscall ~ unlink'":
    / openat .*busy\.log[^]* unlinkat .*busy\.log/,
  "ior stream --kind exec": / execve .*cat/,
  "ior stream -e connect": / connect\b/,
  "ior stream --kind read,write --slower 10ms": / write .*busy\.log/,
  "ior stream --slower 10ms -P '/srv/**'": /busy\.log/,
  "ior trace -d 10s --family all --tables syscalls": /^System calls by time$/m,
  "ior trace -d 10s --family all --by process": /^By process, by time$/m,
  "ior stream -e openat --columns comm,path": /busy\.log/,
  "ior trace -d 10s --family all --by comm": /^By comm, by time$/m,
  "ior trace -d 10s -e read --by comm --columns calls,time,p99,latency": /^By comm, by time$/m,
  "ior trace -d 10s -e write --by comm --sort bytes": /^By comm, by bytes$/m,
  "ior stream --comm '^nginx$'": / nginx /,
  "ior stream -P /etc": / \/etc\//,
  "ior stream --family all -x": /ENOENT/,
  "ior stream --cgroup web": /busy\.log/,
  "ior trace -d 10s --tables files --sort bytes": /^Files by bytes$/m,
  "ior trace -d 10s --tables files": /^Files by time$/m,
  "ior trace -d 10s --tables processes --sort bytes": /^Processes by bytes$/m,
  "ior stream --kind read,write --slower 1ms": / write .*busy\.log/,
  "ior record run.parquet -d 1m": "run.parquet",
  "ior report --tables files --sort bytes run.parquet": /^Files by bytes$/m,
  "ior stream --columns comm,pid,syscall,path": /busy\.log/,
  "ior stream -P '/etc/**' --kind open,write,create,delete,rename":
    / openat .*busy\.log[^]* write .*busy\.log[^]* rename\w* .*busy\.log[^]* unlinkat? .*busy\.log/,
  "ior flame -o make.folded -- make": "make.folded",
};
