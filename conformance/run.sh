#!/bin/sh
# Runs the outside clients against a Basalt started for them: in one process, then with the services apart.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=$(dirname -- "$here")
scratch=$(mktemp -d)
export BASALT_DATA="$scratch/data" BASALT_PORT=0

finish() {
  "$home/basalt" stop >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM

skipped() {
  printf '\n*** SKIPPED: %s\n\n' "$*" >&2
}

field() {
  sed -n "s/^ *\"$1\" : \"\(.*\)\",\{0,1\}$/\1/p" "$scratch/status" | head -n 1
}

"$home/basalt" up --detach
"$home/basalt" status --json >"$scratch/status"
BASALT_URL=$(field url)
BASALT_PUBLISHABLE_KEY=$(field publishableKey)
BASALT_SECRET_KEY=$(field secretKey)
BASALT_PLATFORM_KEY=$(field platformKey)
export BASALT_URL BASALT_PUBLISHABLE_KEY BASALT_SECRET_KEY BASALT_PLATFORM_KEY

echo "conformance: Java SDK"
BASALT_TEST_URL=$BASALT_URL BASALT_TEST_PUBLISHABLE_KEY=$BASALT_PUBLISHABLE_KEY BASALT_TEST_SECRET_KEY=$BASALT_SECRET_KEY \
  "$home/basalt" maven -q failsafe:integration-test failsafe:verify -DskipITs=false -pl sdk-java -Dit.test=BasaltClientIT

if ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  skipped "the JavaScript clients, because Node 20 or newer was not found"
  exit 0
fi

echo "conformance: quickstart"
(cd "$here/quickstart" && npm ci --no-audit --no-fund --silent && npm test)
echo "conformance: transcripts"
node --test "$here/transcripts"
node "$here/transcripts/run.js"
echo "conformance: browser"
(cd "$here/browser" && npm ci --no-audit --no-fund --silent && npm test)
