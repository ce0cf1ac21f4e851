#!/usr/bin/env bash
# Builds and runs every test project, at most two at once, and sums them up in one last line.
# usage: eng/test.sh [--deep] [PROJECT...]     PROJECT such as Ledger.Tests; all of them without
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

projects=()
for argument in "$@"; do
  case "$argument" in
    --deep) export DECENT_DEEP=1 ;;
    -*) echo "unknown option $argument" >&2; exit 2 ;;
    *)
      [ -d "tests/$argument" ] || { echo "there is no test project $argument" >&2; exit 2; }
      projects+=("$argument")
      ;;
  esac
done
whole=false
if [ "${#projects[@]}" = 0 ]; then
  whole=true
  for directory in tests/*.Tests; do projects+=("$(basename "$directory")"); done
fi

started=$SECONDS
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
failed=0

no_build() {
  echo "the build failed" >&2
  echo "0 passed, 0 failed, 0 skipped"
  exit 1
}

if $whole; then
  echo "building"
  dotnet build Decent.sln -c Release -v quiet -nologo --tl:off || no_build
  # Layout and style of what was just built.
  echo "checking the format"
  if ! dotnet format Decent.sln whitespace --verify-no-changes --no-restore -v quiet; then
    echo "run: dotnet format Decent.sln whitespace" >&2
    failed=1
  fi
else
  for project in "${projects[@]}"; do
    dotnet build "tests/$project" -c Release -v quiet -nologo --tl:off || no_build
  done
fi

run_one() {
  local project=$1 begun=$SECONDS code=0
  local log="$results/$project.log" report="$results/$project.xml"
  dotnet "artifacts/bin/$project/release/Decent.$project.dll" -noLogo -noColor -result-xml "$report" >"$log" 2>&1 || code=$?
  echo "$code" >"$results/$project.exit"
  # One line per project as it ends; the log of a project that failed in full, the names of what was skipped always.
  {
    printf '%-26s exit %s, %s s\n' "$project" "$code" "$((SECONDS - begun))"
    if [ "$code" != 0 ]; then cat "$log"; else grep -E '\[SKIP\]|SKIPPED|[Ss]eed' "$log" | sort -u | head -n 40; fi
  } || true
}

for project in "${projects[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || true; done
  run_one "$project" &
done
wait

# Sums of an attribute over the assemblies of all reports.
total() {
  local sum=0 value
  for report in "$results"/*.xml; do
    [ -e "$report" ] || continue
    for value in $(grep -o '<assembly [^>]*>' "$report" | grep -oE " $1=\"[0-9]+\"" | tr -dc '0-9\n'); do
      sum=$((sum + value))
    done
  done
  echo "$sum"
}

for project in "${projects[@]}"; do
  report="$results/$project.xml"
  ran=0
  if [ -e "$report" ]; then
    ran=$(grep -o '<assembly [^>]*>' "$report" | grep -oE ' (passed|failed)="[0-9]+"' | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }')
  fi
  if [ "${ran:-0}" = 0 ]; then
    echo "$project ran no test" >&2
    failed=1
  fi
  if [ "$(cat "$results/$project.exit" 2>/dev/null || echo 1)" != 0 ]; then
    echo "$project failed" >&2
    failed=1
  fi
done
[ "$(total errors)" = 0 ] || { echo "there were errors outside of tests" >&2; failed=1; }

echo "took $((SECONDS - started)) s"
echo "$(total passed) passed, $(total failed) failed, $(total skipped) skipped"
exit "$failed"
