# Installs packages of Debian and Ubuntu; sourced by ./ior and tests/run after setup/deno.sh.

# install_packages NAME…: reports each by name; false when one could not be installed, after reporting why.
install_packages() {
  [ $# -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "missing: $*; there is no apt-get here, install them with the system's own package manager"
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    say "missing: $*; install with: sudo apt-get install $*"
    return 1
  fi
  mkdir -p "$ior_cache"
  for _name; do say "installing the package $_name"; done
  _log=$ior_cache/apt.log
  : >"$_log"
  # The lists may be absent or old: they are fetched only then. Finally one by one, so that a package missing from
  # this release does not prevent the others.
  apt_get install "$@" || { apt_get update && apt_get install "$@"; } || install_each "$@"
}

install_each() {
  _failed=
  for _name; do
    apt_get install "$_name" || {
      say "cannot install $_name: $(grep '^E:' "$_log" | tail -n 1)"
      _failed=yes
    }
  done
  [ -z "$_failed" ]
}

# What it installs is for all users.
apt_get() (
  umask 022
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 --no-install-recommends "$@" \
    >>"$_log" 2>&1 </dev/null
)

# True when the dynamic linker will find libbpf 1.x. The usual folders first: asking ldconfig takes a process.
has_libbpf() {
  for _file in /usr/lib/*-linux-gnu/libbpf.so.1 /usr/lib64/libbpf.so.1 /usr/lib/libbpf.so.1; do
    [ ! -e "$_file" ] || return 0
  done
  PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | grep -q 'libbpf\.so\.1 '
}

# Without libbpf ior can still print its help; asked to trace, it reports what is missing.
need_libbpf() {
  has_libbpf || in_turn install_libbpf
}

install_libbpf() {
  has_libbpf || install_packages libbpf1 || :
}
