#!/bin/sh
# Install what the project needs into this folder: locked Python packages, npm packages, itself.
# `--dev` adds the tools for tests and checks. Does nothing where nothing changed.
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
[ "${1:-}" = "--dev" ] && lock=requirements-dev.lock
uv_version=0.13.9
python=${PYTHON:-python3}
stamp=.venv/.linli-stamp

say() { printf '%s\n' "$*" >&2; }

# An installation with the tools also serves those who do not need them.
if [ -f "$stamp" ] && [ "$(sed -n 2p "$stamp")" = requirements-dev.lock ]; then
  lock=requirements-dev.lock
fi
want=$(cat "$lock" package-lock.json pyproject.toml scripts/bootstrap.sh | cksum)
if [ -f "$stamp" ] && [ "$(sed -n 1p "$stamp")" = "$want" ] && [ "$(sed -n 2p "$stamp")" = "$lock" ]; then
  .venv/bin/python scripts/compile_messages.py  # texts may be newer than the packages
  exit 0
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  say "Linli needs Python 3.11 or newer; set PYTHON to its path."
  exit 1
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  say "· Python environment"
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      say "· python3-venv (apt-get)"
      apt-get update -qq
      apt-get install -y -qq python3-venv >/dev/null
      "$python" -m venv .venv
    else
      say "Python's venv module is missing. Ask an administrator for: apt-get install python3-venv"
      exit 1
    fi
  fi
fi
if [ ! -x .venv/bin/uv ]; then
  say "· uv $uv_version"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
fi
export VIRTUAL_ENV="$PWD/.venv"
say "· Python packages ($lock)"
.venv/bin/uv pip install --quiet --require-hashes -r "$lock"
.venv/bin/uv pip install --quiet --no-deps -e .
say "· npm packages (package-lock.json)"
PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm ci --silent --no-audit --no-fund
.venv/bin/python scripts/compile_messages.py
printf '%s\n%s\n' "$want" "$lock" > "$stamp"
say "· installed"
