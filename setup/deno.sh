# Finds the Deno that runs ior, or installs it; sourced by ./ior and tests/run, in any POSIX shell.
# With everything in place, a start tests a few files and runs only the launch helper.
#
# Reads $root, the folder of this checkout. Sets $cache, $launch, $deno and DENO_DIR.

# The version that is installed, and the oldest of its major version that is accepted if already present.
DENO_WANTED=2.9.6
# SHA-512 of the package for x86-64. npm verifies every package against the registry's own checksum; this one is
# ours, because root runs the content. For other machines npm's check is the only one.
DENO_X64_SUM=de67784ca2c2bb3b0b0e67cea02e4a37b34065ac525643209bae2f83a7e80f4d090400c2a584b6ff942a5dfce09cfe59433de22cff6f05026d120735d7a380a1

# say TEXT: one line on stderr, which never mixes with data on stdout.
say() { printf 'ior: %s\n' "$*" >&2; }

# fail TEXT: prints TEXT and exits with the status of a runtime error.
fail() {
  say "$*"
  exit 1
}

# reason FILE: the lines of a tool's output that tell why it failed, as one line.
reason() { grep -v 'complete log of this run' "$1" | head -n 4 | tr -s '\n ' ' '; }

# Sets $cache. Under sudo HOME may be the caller's: root must not create files there, so only a folder that
# belongs to the user of this process is used, and root falls back to /var/cache. Its path is the one without links, which
# nobody else can lead elsewhere: launch/ours.h.
choose_cache() {
  _home=
  [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || _home=$HOME/.cache
  for _base in "${XDG_CACHE_HOME:-}" "$_home" /var/cache; do
    case $_base in /*) ;; *) continue ;; esac
    if cache=$("$launch" ours "$_base/ior"); then return; fi
  done
  fail "Cannot choose a cache folder: HOME is ${HOME:-not set} and not a writable folder of this user;" \
    "set XDG_CACHE_HOME to one that is"
}

# Only one set-up at a time: two that start together must not both install, nor compete for apt-get's own lock.
lock_setup() {
  mkdir -p "$cache"
  command -v flock >/dev/null || return 0
  exec 9>"$cache/lock"
  flock -n 9 || {
    say "waiting for another set-up to finish"
    flock 9
  }
}

unlock_setup() { exec 9>&-; }

# version_suits 2.10.1: true for $DENO_WANTED and newer within its major version.
version_suits() {
  _version=${1%%[-+]*}
  case $_version in *[!0-9.]* | .* | *. | *..* | *.*.*.*) return 1 ;; *.*.*) ;; *) return 1 ;; esac
  _rest=${_version#*.}
  _wanted_rest=${DENO_WANTED#*.}
  [ "${_version%%.*}" -eq "${DENO_WANTED%%.*}" ] || return 1
  [ "${_rest%.*}" -gt "${_wanted_rest%.*}" ] ||
    { [ "${_rest%.*}" -eq "${_wanted_rest%.*}" ] && [ "${_rest#*.}" -ge "${_wanted_rest#*.}" ]; }
}

# is_kept_of ANSWER PATH: true when the file ANSWER was written by keep_of for PATH as it is now.
is_kept_of() {
  [ -f "$1" ] && ! [ "$1" -nt "$2" ] && ! [ "$1" -ot "$2" ]
}

# keep_of ANSWER PATH LINE...: keeps an answer about PATH in the cache, in a file with the modification time of PATH.
keep_of() {
  _answer=$1 _of=$2
  shift 2
  mkdir -p "$cache"
  printf '%s\n' "$_of" "$@" >"$_answer.$$"
  touch -r "$_of" "$_answer.$$"
  mv -f "$_answer.$$" "$_answer"
}

# deno_suits PATH: true when that Deno can run ior; sets $found to its version if Deno had to be run. Running it
# takes time, so the answer is kept.
deno_suits() {
  _stamp=$cache/deno-checked
  if is_kept_of "$_stamp" "$1"; then
    { read -r _path && read -r _wanted && read -r _verdict; } <"$_stamp" || _path=
    if [ "$_path" = "$1" ] && [ "$_wanted" = "$DENO_WANTED" ]; then
      [ "$_verdict" = yes ]
      return
    fi
  fi
  # Through the launch helper, where there is one: it raises limits under which Deno aborts.
  found=$(${launch:+"$launch"} ${launch:+read 0 - -} "$1" --version 2>/dev/null </dev/null) || found=
  found=${found#deno }
  found=${found%%[!0-9.a-z+-]*}
  _verdict=no
  if version_suits "$found"; then _verdict=yes; fi
  # A missing answer is not kept: the cause may be limits or memory.
  [ -n "$found" ] || return 1
  keep_of "$_stamp" "$1" "$DENO_WANTED" "$_verdict"
  [ "$_verdict" = yes ]
}

# on_path NAME: sets $found to the program of that name on PATH; `command -v` would need a process to hand it over. Only in
# absolute folders: the working directory may be anybody's.
on_path() {
  _rest=${PATH:-}:
  while [ -n "$_rest" ]; do
    found=${_rest%%:*}/$1
    _rest=${_rest#*:}
    case $found in /?*/*) [ ! -f "$found" ] || [ ! -x "$found" ] || return 0 ;; esac
  done
  return 1
}

# Sets $launch, the launch helper for this machine: the one whose loader the runtime also needs. Starts no process.
find_launch() {
  for _arch in x86_64:/lib64/ld-linux-x86-64.so.2 arm64:/lib/ld-linux-aarch64.so.1; do
    if [ -e "${_arch#*:}" ]; then
      launch=$root/launch/ior-launch.${_arch%%:*}
      [ -x "$launch" ] || fail "Cannot start: $launch is missing or may not be executed; clone the project again"
      return
    fi
  done
  fail "Cannot start: this machine has no GNU C library for x86_64 or aarch64, which Deno needs"
}

# Sets $deno: IOR_DENO, the one on PATH, the one in the cache, or a newly installed one.
find_deno() {
  choose_cache
  if [ -n "${IOR_DENO:-}" ]; then
    [ -x "$IOR_DENO" ] || fail "Cannot run IOR_DENO=$IOR_DENO: it is not an executable file; unset it or name a Deno"
    found=
    deno_suits "$IOR_DENO" ||
      fail "Cannot use IOR_DENO=$IOR_DENO: it is version ${found:-unknown}, $DENO_WANTED or a later" \
        "${DENO_WANTED%%.*}.x is wanted; unset it and ior installs one"
    deno=$IOR_DENO
    return
  fi
  if on_path deno; then
    deno=$found
    if deno_suits "$deno"; then return; fi
  fi
  deno=$cache/deno-$DENO_WANTED
  [ -x "$deno" ] || install_deno
}

# For downloads: a machine with a private certificate authority lists it only in the system's certificates, and neither
# npm nor Deno reads those by default.
trust_system_authorities() {
  export DENO_TLS_CA_STORE="${DENO_TLS_CA_STORE:-mozilla,system}"
  _certificates=/etc/ssl/certs/ca-certificates.crt
  [ ! -e "$_certificates" ] || export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$_certificates}"
}

# Installs the pinned Deno as $deno. A rename puts the file there, complete and verified, or not at all.
install_deno() {
  case $(uname -m) in
    x86_64) _package=@deno/linux-x64-glibc _sum=$DENO_X64_SUM ;;
    aarch64) _package=@deno/linux-arm64-glibc _sum= ;;
    *) fail "Cannot install Deno: there is no build for $(uname -m); x86_64 or aarch64 is wanted" ;;
  esac
  lock_setup
  if [ ! -x "$deno" ]; then
    command -v npm >/dev/null || install_packages npm ||
      fail "Cannot install Deno $DENO_WANTED: npm was not found; install npm, or set IOR_DENO to a Deno"
    say "installing Deno $DENO_WANTED with npm as $deno"
    _new=$(mktemp -d "$cache/new.XXXXXX")
    trap 'rm -rf "$_new"' EXIT
    trap 'exit 1' HUP INT TERM
    # npm's own cache and log go to the temporary folder too: HOME may belong to someone else.
    (
      cd "$_new" || exit
      export npm_config_cache="$_new/npm"
      trust_system_authorities
      npm pack --loglevel=error "$_package@$DENO_WANTED"
    ) >"$_new/log" 2>&1 </dev/null ||
      fail "Cannot install Deno $DENO_WANTED: npm pack $_package failed: $(reason "$_new/log")"
    if [ -n "$_sum" ]; then
      _got=$(sha512sum <"$(echo "$_new"/*.tgz)")
      [ "${_got%% *}" = "$_sum" ] ||
        fail "Cannot install Deno $DENO_WANTED: the package has SHA-512 ${_got%% *}, $_sum is wanted; nothing was kept"
    fi
    tar -xzof "$(echo "$_new"/*.tgz)" -C "$_new" package/deno
    chmod 755 "$_new/package/deno"
    "$_new/package/deno" --version >"$_new/log" 2>&1 </dev/null ||
      fail "Cannot use the installed Deno: $(reason "$_new/log"); set IOR_DENO to one built for this system"
    mv -f "$_new/package/deno" "$deno"
    rm -rf "$_new"
    trap - EXIT HUP INT TERM
  fi
  unlock_setup
}

# Sets $_sum to the checksum of deno.lock, which is kept.
sum_lock() {
  _stamp=$cache/lock-summed
  if is_kept_of "$_stamp" "$root/deno.lock"; then
    { read -r _path && read -r _sum; } <"$_stamp" || _path=
    [ "$_path" != "$root/deno.lock" ] || return 0
  fi
  _sum=$(sha256sum <"$root/deno.lock")
  _sum=${_sum%% *}
  keep_of "$_stamp" "$root/deno.lock" "$_sum"
}

# Sets and exports DENO_DIR, and fetches the packages of deno.lock into it once, so tracing needs no network.
# A replaced DENO_DIR is kept in IOR_CALLER_DENO_DIR (empty if it was unset) for the traced command.
fetch_dependencies() {
  _own=
  case ${DENO_DIR:-} in /*) _own=$("$launch" ours "$DENO_DIR") || _own= ;; esac
  : "${_own:=$cache/deno_dir}"
  if [ "$_own" != "${DENO_DIR:-}" ]; then
    export IOR_CALLER_DENO_DIR="${DENO_DIR:-}"
    export DENO_DIR="$_own"
  fi
  [ -f "$root/deno.lock" ] || fail "Cannot start: $root/deno.lock is missing; clone the project again"
  sum_lock
  _stamp=$DENO_DIR/ior-$_sum
  [ ! -e "$_stamp" ] || return 0
  lock_setup
  if [ ! -e "$_stamp" ]; then
    say "fetching the packages of deno.lock into $DENO_DIR"
    _log=$cache/fetch.log
    (
      cd "$root" || exit
      export NO_COLOR=1
      trust_system_authorities
      "$deno" install --quiet --frozen
    ) >"$_log" 2>&1 </dev/null || fail "Cannot fetch the packages of deno.lock: $(reason "$_log")"
    mkdir -p "$DENO_DIR"
    : >"$_stamp"
    /bin/sh "$root/setup/bundle.sh" "$cache/bundles" "$launch" "$root" "$deno" || :
  fi
  unlock_setup
}
