#!/bin/sh
# Runs the outside clients against Basalts started for them: in one process, then with the services apart.
# Needs a built tree. What a machine lacks is named loudly and skipped; any failure is the exit code.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=$(dirname -- "$here")
scratch=$(mktemp -d)
export BASALT_DATA="$scratch/data" BASALT_PORT=0
# The cases of rest/ ask for plans, which are off unless wanted.
export BASALT_DATA_REST_PLANS=true
apart=
failures=

finish() {
  "$home/basalt" stop >/dev/null 2>&1 || true
  [ -z "$apart" ] || { kill -TERM "$apart" 2>/dev/null && wait "$apart"; } || true
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM

skipped() {
  printf '\n*** SKIPPED: %s\n\n' "$*" >&2
}

# Runs a suite; the others still run when it fails.
suite() {
  name=$1
  shift
  printf '\nconformance: %s\n' "$name"
  "$@" || failures="$failures
  $name"
}

# The first value of a field of a JSON file, whether it is laid out or in one line.
field() {
  sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" "$2" | head -n 1
}

point_to() {
  BASALT_URL=$(field url "$1")
  BASALT_PUBLISHABLE_KEY=$(field publishableKey "$1")
  BASALT_SECRET_KEY=$(field secretKey "$1")
  BASALT_PLATFORM_KEY=$(field platformKey "$1")
  export BASALT_URL BASALT_PUBLISHABLE_KEY BASALT_SECRET_KEY BASALT_PLATFORM_KEY
  [ -n "$BASALT_URL" ] && [ -n "$BASALT_PUBLISHABLE_KEY" ] && [ -n "$BASALT_SECRET_KEY" ] ||
    { echo "conformance: no URL and keys in:" >&2; cat "$1" >&2; exit 1; }
}

java_sdk() {
  BASALT_TEST_URL=$BASALT_URL BASALT_TEST_PUBLISHABLE_KEY=$BASALT_PUBLISHABLE_KEY \
    BASALT_TEST_SECRET_KEY=$BASALT_SECRET_KEY \
    "$home/basalt" maven -q verify -Dspotless.check.skip -DskipITs=false -Dsurefire.skip=true -pl sdk-java -am
}

# A Node project's tests, after installing what its lock file names if that has not been done.
node_project() {
  cd "$1" || return 1
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
  npm test --silent
}

transcripts() {
  node --test "$here/transcripts" >"$scratch/transcripts.log" 2>&1 || { cat "$scratch/transcripts.log"; return 1; }
  node "$here/transcripts/run.js"
}

have_node=true
if ! command -v npm >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -lt 20 ]; then
  have_node=false
  skipped "the JavaScript clients and the documents' commands, because Node 20 or newer was not found"
fi

"$home/basalt" up --detach
"$home/basalt" status --json >"$scratch/status"
point_to "$scratch/status"
suite "Java SDK" java_sdk
if [ "$have_node" = true ]; then
  suite "types of functions" node_project "$home/functions-types"
  suite "supabase-js" node_project "$here/quickstart"
  suite "the REST dialect" node_project "$here/rest"
  suite "documents and SQL" node_project "$here/documents"
  suite "AWS' Lambda client" node_project "$here/lambda"
  suite "web APIs beside workerd" node_project "$here/web-apis"
  suite "browser" node_project "$here/browser"
  # Its own tests build it.
  suite "JavaScript SDK alone" node_project "$home/sdk-js"
  suite "JavaScript SDK" node_project "$here/sdk-js"
  suite "the documents' commands" transcripts
fi
"$home/basalt" stop

if [ -d "$home/deploy/tests/target/lib" ]; then
  mkfifo "$scratch/hold"
  BASALT_DATA="$scratch/apart" "$home/deploy/apart" <"$scratch/hold" >"$scratch/apart.json" 2>"$scratch/apart.log" &
  apart=$!
  exec 9>"$scratch/hold"
  tries=0
  until [ -s "$scratch/apart.json" ]; do
    tries=$((tries + 1))
    kill -0 "$apart" 2>/dev/null && [ "$tries" -lt 1800 ] ||
      { cat "$scratch/apart.log" >&2; echo "conformance: the services did not start apart" >&2; exit 1; }
    sleep 0.1
  done
  point_to "$scratch/apart.json"
  suite "Java SDK, services apart" java_sdk
  [ "$have_node" = false ] || {
    suite "supabase-js, services apart" node_project "$here/quickstart"
    suite "the REST dialect, services apart" node_project "$here/rest"
    suite "documents and SQL, services apart" node_project "$here/documents"
    suite "JavaScript SDK, services apart" node_project "$here/sdk-js"
  }
  exec 9>&-
else
  skipped "the services apart, because deploy/ is not built"
fi

[ -z "$failures" ] || { printf '\nconformance: FAILED:%s\n' "$failures" >&2; exit 1; }
printf '\nconformance: every suite passed\n'
