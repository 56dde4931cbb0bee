# Finds the Deno that runs ior, or installs it; sourced by ./ior and tests/run, in any POSIX shell.
# With everything in place, a start tests a few files and runs only the launch helper.
#
# Reads $ior_root, the folder of this checkout. Sets $ior_cache, $ior_launch, $ior_deno and DENO_DIR.

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

# Sets $ior_cache. Under sudo HOME may be the caller's: root must not create files there, so only a folder that
# belongs to the user of this process is used, and root falls back to /var/cache. Its path is the one without links, which
# nobody else can lead elsewhere: launch/ours.h. It is made here: some file systems refuse that, whatever their folders' rights say.
choose_cache() {
  _home=
  [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || _home=$HOME/.cache
  for _base in "${XDG_CACHE_HOME:-}" "$_home" /var/cache; do
    case $_base in /*) ;; *) continue ;; esac
    ior_cache=$("$ior_launch" ours "$_base/ior") || continue
    if [ -d "$ior_cache" ] || mkdir -p "$ior_cache" 2>/dev/null; then return; fi
  done
  fail "Cannot choose a cache folder: HOME is ${HOME:-not set} and not a writable folder of this user;" \
    "set XDG_CACHE_HOME to one that is"
}

# in_turn WORD...: runs a step of the set-up while no other runs: two that start together must not both install, nor compete for
# apt-get's own lock. A descriptor 9 of the caller's is there again afterwards.
in_turn() {
  true 2>/dev/null >>"$ior_cache/lock" ||
    fail "Cannot write to the cache folder $ior_cache; set XDG_CACHE_HOME to a folder of this user that has room"
  if command -v flock >/dev/null; then
    {
      flock -n 9 || {
        say "waiting for another set-up to finish"
        flock 9
      }
      "$@"
    } 9>"$ior_cache/lock"
  else
    "$@"
  fi
}

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

# keep_of ANSWER PATH LINE...: keeps an answer about PATH in the cache, in a file with the modification time of PATH. Where there
# is no room it is asked again.
keep_of() {
  _answer=$1 _of=$2
  shift 2
  {
    printf '%s\n' "$_of" "$@" >"$_answer.$$" && touch -r "$_of" "$_answer.$$" && mv -f "$_answer.$$" "$_answer"
  } 2>/dev/null || rm -f "$_answer.$$"
}

# deno_suits PATH: true when that Deno can run ior; sets $_found to its version if Deno had to be run. Running it
# takes time, so the answer is kept.
deno_suits() {
  _stamp=$ior_cache/deno-checked
  if is_kept_of "$_stamp" "$1"; then
    { read -r _path && read -r _wanted && read -r _verdict; } <"$_stamp" || _path=
    if [ "$_path" = "$1" ] && [ "$_wanted" = "$DENO_WANTED" ]; then
      [ "$_verdict" = yes ]
      return
    fi
  fi
  # Through the launch helper, where there is one: it raises limits under which Deno aborts.
  _found=$(${ior_launch:+"$ior_launch"} ${ior_launch:+read 0 - -} "$1" --version 2>/dev/null </dev/null) || _found=
  _found=${_found#deno }
  _found=${_found%%[!0-9.a-z+-]*}
  _verdict=no
  if version_suits "$_found"; then _verdict=yes; fi
  # A missing answer is not kept: the cause may be limits or memory.
  [ -n "$_found" ] || return 1
  keep_of "$_stamp" "$1" "$DENO_WANTED" "$_verdict"
  [ "$_verdict" = yes ]
}

# on_path NAME: sets $_found to the program of that name on PATH; `command -v` would need a process to hand it over. Only in
# absolute folders: the working directory may be anybody's.
on_path() {
  _rest=${PATH:-}:
  while [ -n "$_rest" ]; do
    _found=${_rest%%:*}/$1
    _rest=${_rest#*:}
    case $_found in /?*/*) [ ! -f "$_found" ] || [ ! -x "$_found" ] || return 0 ;; esac
  done
  return 1
}

# Sets $ior_launch, the launch helper for this machine: the one whose loader the runtime also needs. Starts a process only where
# the loader of another machine is there as well, as for programs that are emulated.
find_launch() {
  _arch=
  [ ! -e /lib64/ld-linux-x86-64.so.2 ] || _arch=x86_64
  if [ -e /lib/ld-linux-aarch64.so.1 ] && { [ -z "$_arch" ] || [ "$(uname -m)" = aarch64 ]; }; then _arch=arm64; fi
  [ -n "$_arch" ] || fail "Cannot start: this machine has no GNU C library for x86_64 or aarch64, which Deno needs"
  ior_launch=$ior_root/launch/ior-launch.$_arch
  [ -x "$ior_launch" ] || fail "Cannot start: $ior_launch is missing or may not be executed; clone the project again"
}

# Sets $ior_deno: IOR_DENO, the one on PATH, the one in the cache, or a newly installed one.
find_deno() {
  choose_cache
  if [ -n "${IOR_DENO:-}" ]; then
    [ -x "$IOR_DENO" ] || fail "Cannot run IOR_DENO=$IOR_DENO: it is not an executable file; unset it or name a Deno"
    _found=
    deno_suits "$IOR_DENO" ||
      fail "Cannot use IOR_DENO=$IOR_DENO: it is version ${_found:-unknown}, $DENO_WANTED or a later" \
        "${DENO_WANTED%%.*}.x is wanted; unset it and ior installs one"
    ior_deno=$IOR_DENO
    return
  fi
  if on_path deno; then
    ior_deno=$_found
    if deno_suits "$ior_deno"; then return; fi
  fi
  ior_deno=$ior_cache/deno-$DENO_WANTED
  [ -x "$ior_deno" ] || in_turn install_deno
}

# For downloads: a machine with a private certificate authority lists it only in the system's certificates, and neither
# npm nor Deno reads those by default.
trust_system_authorities() {
  export DENO_TLS_CA_STORE="${DENO_TLS_CA_STORE:-mozilla,system}"
  _certificates=/etc/ssl/certs/ca-certificates.crt
  [ ! -e "$_certificates" ] || export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$_certificates}"
}

# Installs the pinned Deno as $ior_deno. A rename puts the file there, complete and verified, or not at all.
install_deno() {
  [ ! -x "$ior_deno" ] || return 0
  case $(uname -m) in
    x86_64) _package=@deno/linux-x64-glibc _sum=$DENO_X64_SUM ;;
    aarch64) _package=@deno/linux-arm64-glibc _sum= ;;
    *) fail "Cannot install Deno: there is no build for $(uname -m); x86_64 or aarch64 is wanted" ;;
  esac
  command -v npm >/dev/null || install_packages npm ||
    fail "Cannot install Deno $DENO_WANTED: npm was not found; install npm, or set IOR_DENO to a Deno"
  say "installing Deno $DENO_WANTED with npm as $ior_deno"
  _new=$(mktemp -d "$ior_cache/new.XXXXXX")
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
  mv -f "$_new/package/deno" "$ior_deno"
  rm -rf "$_new"
  trap - EXIT HUP INT TERM
}

# Sets $_sum to the checksum of deno.lock, which is kept.
sum_lock() {
  _stamp=$ior_cache/lock-summed
  if is_kept_of "$_stamp" "$ior_root/deno.lock"; then
    { read -r _path && read -r _sum; } <"$_stamp" || _path=
    [ "$_path" != "$ior_root/deno.lock" ] || return 0
  fi
  _sum=$(sha256sum <"$ior_root/deno.lock")
  _sum=${_sum%% *}
  keep_of "$_stamp" "$ior_root/deno.lock" "$_sum"
}

# Sets and exports DENO_DIR, and fetches the packages of deno.lock into it once, so tracing needs no network.
# A replaced DENO_DIR is kept in IOR_CALLER_DENO_DIR (empty if it was unset) for the traced command.
fetch_dependencies() {
  _own=
  case ${DENO_DIR:-} in /*) _own=$("$ior_launch" ours "$DENO_DIR") || _own= ;; esac
  : "${_own:=$ior_cache/deno_dir}"
  if [ "$_own" != "${DENO_DIR:-}" ]; then
    export IOR_CALLER_DENO_DIR="${DENO_DIR:-}"
    export DENO_DIR="$_own"
  fi
  [ -f "$ior_root/deno.lock" ] || fail "Cannot start: $ior_root/deno.lock is missing; clone the project again"
  sum_lock
  _stamp=$DENO_DIR/ior-$_sum
  [ -e "$_stamp" ] || in_turn fetch_packages
}

fetch_packages() {
  [ ! -e "$_stamp" ] || return 0
  say "fetching the packages of deno.lock into $DENO_DIR"
  _log=$ior_cache/fetch.log
  (
    cd "$ior_root" || exit
    export NO_COLOR=1
    trust_system_authorities
    "$ior_deno" install --quiet --frozen
  ) >"$_log" 2>&1 </dev/null || fail "Cannot fetch the packages of deno.lock into $DENO_DIR: $(reason "$_log")"
  mkdir -p "$DENO_DIR"
  : >"$_stamp"
  /bin/sh "$ior_root/setup/bundle.sh" "$ior_cache/bundles" "$ior_launch" "$ior_root" "$ior_deno" || :
}
