#!/bin/sh
# setup/bundle.sh BUNDLES HELPER ROOT DENO [WORD...]: makes the bundle of the checkout ROOT, see launch/bundle.h, then becomes the
# WORDs, which have the variables that this was started with. Without a bundle ior starts from its sources, so a failure is not
# reported.
set -eu
(
  umask 077
  . "$3/setup/deno.sh"
  trust_system_authorities # the bundler is fetched once
  "$4" run --quiet --no-prompt --no-config --no-lock --allow-read --allow-write --allow-run --allow-env \
    "$3/setup/make_bundle.ts" "$2" "$3" "$1"
) </dev/null >/dev/null 2>&1 || :
shift 4
[ $# -eq 0 ] || exec "$@"
