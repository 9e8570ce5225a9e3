#!/bin/sh
# Runs the tests against the server named by SLUICE_SIGNALLING_SERVER; installs the npm packages if they are missing.
set -e
: "${SLUICE_SIGNALLING_SERVER:?names the server to test, build/.../bin/signalling_test_server}"
cd "$(dirname "$0")"
test -f node_modules/.package-lock.json || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
exec node --test --test-concurrency=1 ./*.test.mjs
