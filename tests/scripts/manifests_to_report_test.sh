#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# manifests_to_report_test.sh MISROUTE
#
# From manifests to the incident's report with no line written by hand, as the README recommends it. The committed
# rendering stands in for kubectl; where there is one, it must still render the same. Needs the server of script/test.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"

misroute=$(realpath "${1:?usage: manifests_to_report_test.sh MISROUTE}")
rendered=$PWD/tests/fixtures/k8s/incident/rendered-before.yaml

psql -qc 'select 1' >/dev/null || fail 'there is no PostgreSQL server; run this with script/test, or script/with-postgres'
database=misroute_test_manifests_$$
trap 'psql -qd postgres -c "drop database if exists $database (force)"; rm -rf "$scratch"' EXIT
psql -qd postgres -c "create database $database"
psql -qd "$database" -v ON_ERROR_STOP=1 -f sql/demo/01_schema.sql -f sql/demo/02_rows.sql

render() {
    if command -v kubectl >/dev/null; then
        kubectl kustomize tests/fixtures/k8s/incident/before
    else
        cat "$rendered"
    fi
}

if command -v kubectl >/dev/null; then
    equals 'what kubectl renders' "$(render)" "$(cat "$rendered")"
fi

render | "$misroute" init --manifests - >"$scratch/misroute.yaml"
status=0
report=$("$misroute" scan --config "$scratch/misroute.yaml" --db "dbname=$database") || status=$?
equals 'the exit code of scan --config' "$status" 1
contains 'the incident' "$report" 'claude.goodvision.tech  5 of 8 requests were answered by another instance'
contains 'who answered' "$report" 'kelly    openai     kellycloudai.com   3'
contains 'the order' "$report" 'order C K Y C K Y C K'
contains 'the cause' "$report" 'Most likely cause: a Service selects the pods of several instances'

status=0
report=$(cd "$scratch" && mv misroute.yaml elsewhere.yaml &&
    "$misroute" scan --manifests "$rendered" --db "dbname=$database") || status=$?
equals 'the exit code of scan --manifests' "$status" 1
contains 'the confirmed cause' "$report" 'Cause, confirmed by the manifests: a Service selects the pods of several instances'
