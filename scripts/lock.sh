#!/bin/sh
# Lock the newest allowed versions. The locks name packages, versions and hashes, and no address.
set -eu
cd "$(dirname "$0")/.."
options="--quiet --upgrade --generate-hashes --universal --no-header --no-annotate --no-emit-index-url --no-emit-find-links"
.venv/bin/uv pip compile $options pyproject.toml -o requirements.lock
.venv/bin/uv pip compile $options --extra dev pyproject.toml -o requirements-dev.lock
PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm install --package-lock-only --omit-lockfile-registry-resolved --silent
