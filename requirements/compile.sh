#!/usr/bin/env bash
# Compiles the lock from pyproject.toml; needs `uv`. COOL_UNTIL leaves fresh releases to cool for a week.
set -eu
cd "$(dirname "$0")/.."
cool=${COOL_UNTIL:-$(date -u -d '7 days ago' +%Y-%m-%d)}
options="--quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --exclude-newer $cool"
uv pip compile $options pyproject.toml -o requirements/base.txt
uv pip compile $options --group dev -c requirements/base.txt -o requirements/dev.txt
uv pip compile $options --group bench -c requirements/base.txt -o requirements/bench.txt
uv pip compile $options --extra spark -c requirements/base.txt -c requirements/dev.txt pyproject.toml -o requirements/spark.txt
