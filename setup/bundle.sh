#!/bin/sh
# setup/bundle.sh BUNDLES HELPER ROOT DENO [WORD...]: makes the bundle of the checkout ROOT, see launch/bundle.h, then becomes the
# WORDs. Without a bundle ior starts from its sources, so a failure is not reported.
set -eu
bundles=$1 helper=$2 root=$3 deno=$4
shift 4
. "$root/setup/deno.sh"
(
  umask 077
  trust_system_authorities # the bundler is fetched once
  "$deno" run --quiet --no-prompt --no-config --no-lock --allow-read --allow-write --allow-run --allow-env \
    "$root/setup/make_bundle.ts" "$helper" "$root" "$bundles"
) </dev/null >/dev/null 2>&1 || :
[ $# -eq 0 ] || exec "$@"
