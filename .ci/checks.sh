# Sourced by the checks beside the build. Each check ends with one line that counts what ran; a tool that cannot be installed
# is a skip with its reason, and under CI=true a failure, unless the registry it comes from cannot be reached either.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
server=
finished=
counted=0 # passed so far

cleanup() {
  if [ -n "$server" ]; then
    kill -KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true # or it writes into what is removed
  fi
  rm -rf "$work"
  [ -n "$finished" ] || echo "$counted passed, 1 failed, 0 skipped"
}
trap cleanup EXIT

passed() { # COUNT: the last line of a check
  echo "$1 passed, 0 failed, 0 skipped"
  finished=yes
}

skipped() { # WHY REGISTRY_REACHED(yes|no) LOG: ends the check; under CI=true only an outage of the registry is a skip
  if [ "${CI:-}" = true ] && [ "$2" = yes ]; then
    echo "FAILED: $1, and no outage of its registry is the reason"
    cat "$3"
    exit 1
  fi
  echo "SKIPPED: $1: $(tail -n 1 "$3")"
  echo "$counted passed, 0 failed, 1 skipped"
  finished=yes
  exit 0
}

# Installs Python packages into an environment that all checks of this checkout share ($PRECEPTOR_CI_PYTHON, or one in target),
# and sets $python.
python_with() { # WHAT_FOR PACKAGE...
  local what=$1 environment=${PRECEPTOR_CI_PYTHON:-$PWD/target/ci-python} index reached=no
  shift
  debian_with "$what" python3 python3 python3-venv
  python=$environment/bin/python
  if { [ -x "$python" ] || python3 -m venv "$environment"; } >"$work/pip.log" 2>&1 &&
    "$python" -m pip install -q --retries 1 --timeout 15 "$@" >>"$work/pip.log" 2>&1; then
    return
  fi
  index=$("$python" -m pip config get global.index-url 2>/dev/null) || index=https://pypi.org/simple
  index=${PIP_INDEX_URL:-$index}
  if python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=15)' "${index%/}/pip/" 2>/dev/null; then
    reached=yes
  fi
  skipped "$what, because $* cannot be installed here" "$reached" "$work/pip.log"
}

# Reads the package lists of Debian.
debian_lists() { # WHY_SKIPPED
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "apt-get is not here" >"$work/apt.log"
    skipped "$1" no "$work/apt.log"
  fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "packages are installed by root only, found user $(id -u)" >"$work/apt.log"
    skipped "$1" yes "$work/apt.log"
  fi
  if ! apt-get update -qq >"$work/apt.log" 2>&1; then
    skipped "$1, and the package lists cannot be read" no "$work/apt.log"
  fi
}

# Installs Debian packages if a command is missing.
debian_with() { # WHAT_FOR COMMAND PACKAGE...
  local what=$1 command=$2
  shift 2
  if command -v "$command" >/dev/null 2>&1; then return; fi
  debian_lists "$what, because $command is missing"
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$work/apt.log" 2>&1; then
    skipped "$what, because $* cannot be installed here" yes "$work/apt.log"
  fi
}
