#!/bin/sh
# Makes ready what `make prove ARGS="--cluster"` runs PostgreSQL under: Patroni, in .tools/cluster.
# Servers that it finds on PATH (etcd, HAProxy, PgBouncer) are the machine's own affair.
set -eu
cd "$(dirname "$0")/.."
home=.tools/cluster

cmp -s requirements/cluster.txt "$home/lock.txt" && exit 0
rm -rf "$home"
sh scripts/uv.sh venv -q --python .venv/bin/python "$home"
sh scripts/uv.sh pip sync -q --require-hashes --python "$home/bin/python" requirements/cluster.txt
cp requirements/cluster.txt "$home/lock.txt"
