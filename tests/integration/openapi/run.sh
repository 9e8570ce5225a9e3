#!/bin/sh
# Validates the API's description of the gateway SLUICE_BINARY; installs the npm package if it is missing.
set -e
: "${SLUICE_BINARY:?names the gateway to test, build/.../bin/sluice}"
cd "$(dirname "$0")"
test -f node_modules/.package-lock.json || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
PYTHONPATH=../gateway exec python3 -B -m unittest -v test_openapi.py
