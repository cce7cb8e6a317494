#!/bin/sh
# Writes both lock files: hashes, no hosts. Needs uv (pip install uv).
set -eu
cd "$(dirname "$0")/../.."
lock() {
  out=$1; shift
  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
    --python-version 3.11 "$@" pyproject.toml -o "$out"
  if grep -nE '(https?|file)://|index-url' "$out"; then
    echo "$out names a host" >&2; exit 1
  fi
}
lock requirements.lock --extra build
lock requirements-test.lock --extra build --extra test
