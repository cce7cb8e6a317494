#!/bin/sh
# Format, lint, types, import contracts and (unless "static" is given) the unit tests.
set -eu
cd "$(dirname "$0")/../.."
bin=.venv/bin
fail=0
step() { printf -- '-- %s\n' "$1"; shift; "$@" || fail=1; }
# beside the others: it takes one processor, and they take the other
said=$(mktemp)
npm run --silent check >"$said" 2>&1 &
front_end=$!
step "ruff format" $bin/ruff format --check -q .
step "ruff" $bin/ruff check -q .
step "mypy" $bin/mypy
step "import contracts" $bin/lint-imports --no-logo
[ "${1:-}" = static ] || {
  step "unit tests" $bin/python infra/dev/layers.py unit
}
wait $front_end || fail=1
step "typescript and eslint" cat "$said"
rm -f "$said"
exit $fail
