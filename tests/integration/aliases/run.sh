#!/bin/sh
# Runs the tests against the gateway named by SLUICE_BINARY. The npm packages are those of tests/integration/signalling.
set -e
: "${SLUICE_BINARY:?names the gateway to test, build/.../bin/sluice}"
cd "$(dirname "$0")"
(cd ../signalling && { test -f node_modules/.package-lock.json ||
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; })
exec node --test --test-concurrency=1 ./*.test.mjs
