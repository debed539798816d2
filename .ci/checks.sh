# Sourced by the checks beside the build. Each check ends with one line that counts what ran; a tool that cannot be installed
# is a skip with its reason, and under CI=true a failure, unless the registry it comes from cannot be reached either.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
server=
finished=

cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
  [ -n "$finished" ] || echo "0 passed, 1 failed, 0 skipped"
}
trap cleanup EXIT

passed() { # COUNT: the last line of a check
  echo "$1 passed, 0 failed, 0 skipped"
  finished=yes
}

skipped() { # WHY REGISTRY_REACHED(yes|no) LOG: ends the check
  if [ "${CI:-}" = true ] && [ "$2" = yes ]; then
    echo "FAILED: its registry answers, yet it cannot be installed: $1"
    cat "$3"
    exit 1
  fi
  echo "SKIPPED: $1: $(tail -n 1 "$3")"
  echo "0 passed, 0 failed, 1 skipped"
  finished=yes
  exit 0
}

# Installs Python packages into an environment that all checks of this checkout share, and sets $python.
python_with() { # WHAT_FOR PACKAGE...
  local what=$1 index reached=no
  shift
  python=$PWD/target/ci-python/bin/python
  if { [ -x "$python" ] || python3 -m venv target/ci-python; } >"$work/pip.log" 2>&1 &&
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

# Installs Debian packages that lack one of the given commands.
debian_with() { # WHAT_FOR COMMAND PACKAGE...
  local what=$1 command=$2
  shift 2
  if command -v "$command" >/dev/null 2>&1; then return; fi
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "apt-get is not here" >"$work/apt.log"
    skipped "$what, because $command is missing" no "$work/apt.log"
  fi
  if ! apt-get update -qq >"$work/apt.log" 2>&1; then
    skipped "$what, because $command is missing and the package lists cannot be read" no "$work/apt.log"
  fi
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$work/apt.log" 2>&1; then
    skipped "$what, because $* cannot be installed here" yes "$work/apt.log"
  fi
}
