#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# relations_test.sh MISROUTE — the spend log need not be a plain table: partitioned, behind a view, or a foreign table of
# postgres_fdw it has to give the same report, and of a foreign table only groups may travel, never rows.
misroute=$(realpath "$1")
# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "$0")/lib.sh"
: "${PGHOST:?no PostgreSQL: run script/test, or script/with-postgres ctest}"

plain="plain_$$" other="other_$$"
trap 'dropdb --if-exists --force "$other"; dropdb --if-exists --force "$plain"; rm -rf "$scratch"' EXIT
createdb "$plain"
createdb "$other"

sql() {
    local database=$1
    shift
    psql -qXAt -v ON_ERROR_STOP=1 -d "$database" "$@"
}

# The report of a database without what names the database itself.
report() {
    local status=0
    timeout -s KILL 60 "$misroute" scan --db "postgresql:///$1" --by host --since 48h --now "$now" --format json \
        "${@:2}" >"$scratch/report.json" 2>"$scratch/stderr" || status=$?
    [[ $status -lt 2 ]] || fail "scan of $1 ends with $status: $(cat "$scratch/stderr")"
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); del r["source"]; print(json.dumps(r, indent=1))' \
        "$scratch/report.json"
}

sql "$plain" -f sql/demo/01_schema.sql -f sql/demo/02_rows.sql >/dev/null
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
expected=$(report "$plain")
contains "the plain table" "$expected" '"scanned": 30'

# A view in its place.
sql "$other" -f sql/demo/01_schema.sql >/dev/null
sql "$other" -c 'alter table "LiteLLM_SpendLogs" rename to kept' -c 'create view "LiteLLM_SpendLogs" as select * from kept'
sql "$plain" -c 'copy "LiteLLM_SpendLogs" to stdout' | sql "$other" -c 'copy kept from stdin'
sql "$plain" -c 'copy "LiteLLM_VerificationToken" to stdout' | sql "$other" -c 'copy "LiteLLM_VerificationToken" from stdin'
equals "a view" "$(report "$other")" "$expected"

# Partitions by day, with the default one for the rest.
sql "$other" <<'SQL'
drop view "LiteLLM_SpendLogs";
create table "LiteLLM_SpendLogs" (like kept including defaults, primary key (request_id, "startTime"))
    partition by range ("startTime");
create table today partition of "LiteLLM_SpendLogs"
    for values from ((now() at time zone 'UTC')::date::timestamp) to ((now() at time zone 'UTC')::date + interval '1 day');
create table rest partition of "LiteLLM_SpendLogs" default;
insert into "LiteLLM_SpendLogs" select * from kept;
SQL
equals "partitions" "$(report "$other")" "$expected"

# Another server's table. The server is this one, but postgres_fdw does not know.
sql "$other" <<SQL
drop table "LiteLLM_SpendLogs";
create extension postgres_fdw;
create server shard foreign data wrapper postgres_fdw options (host '$PGHOST', port '$PGPORT', dbname '$plain');
create user mapping for current_user server shard options (user '$PGUSER', password_required 'false');
import foreign schema public limit to ("LiteLLM_SpendLogs") from server shard into public;
SQL
equals "a foreign table" "$(report "$other" --log-sql)" "$expected"

# What a slice asks, explained as the server would run it.
python3 - "$scratch/stderr" >"$scratch/explain.sql" <<'PY'
import sys
text = open(sys.argv[1]).read()
statement = text[text.index("select bucket", text.index(": tally: ")):].split("\nmisroute: ")[0]
print("prepare slice(timestamp, timestamp, jsonpath, float8, text[], text[], integer) as", statement, ";")
print("set enable_sort = off;")
print("explain (verbose, costs off) execute slice('2026-11-01', '2026-11-02', '$[*]', 900000, null, null, null);")
PY
plan=$(sql "$other" -f "$scratch/explain.sql")
contains "what is asked of the shard" "$plan" 'Relations: Aggregate on (public."LiteLLM_SpendLogs")'
remote=$(grep 'Remote SQL:' <<<"$plan")
contains "what is asked of the shard" "$remote" 'GROUP BY'
contains "what is asked of the shard" "$remote" '"startTime" >='

# Shards: partitions that are tables of other servers. A slice asks the partition it lies in, so that the whole of its
# counting is shipped; asked through the parent, rows would travel.
shard="shard_$$"
trap 'dropdb --if-exists --force "$other"; dropdb --if-exists --force "$shard"; dropdb --if-exists --force "$plain"; rm -rf "$scratch"' EXIT
createdb "$shard"
sql "$shard" -f sql/demo/01_schema.sql >/dev/null
noon=$(date -u -d '12 hours ago' '+%Y-%m-%d %H:%M:%S')
sql "$plain" -c "copy (select * from \"LiteLLM_SpendLogs\" where \"startTime\" < '$noon') to stdout" |
    sql "$shard" -c 'copy "LiteLLM_SpendLogs" from stdin'
sql "$shard" -c 'create table recent (like "LiteLLM_SpendLogs")'
sql "$plain" -c "copy (select * from \"LiteLLM_SpendLogs\" where \"startTime\" >= '$noon') to stdout" |
    sql "$shard" -c 'copy recent from stdin'
sql "$other" <<SQL
create server second foreign data wrapper postgres_fdw options (host '$PGHOST', port '$PGPORT', dbname '$shard');
create user mapping for current_user server second options (user '$PGUSER', password_required 'false');
drop foreign table "LiteLLM_SpendLogs";
create table "LiteLLM_SpendLogs" (like kept including defaults) partition by range ("startTime");
create foreign table "old ""days""" partition of "LiteLLM_SpendLogs"
    for values from ('2020-01-01') to ('$noon') server second options (table_name 'LiteLLM_SpendLogs');
create foreign table recent partition of "LiteLLM_SpendLogs"
    for values from ('$noon') to ('2100-01-01') server second options (table_name 'recent');
SQL
equals "shards" "$(report "$other" --log-sql --no-cache)" "$expected"
asked=$(grep -c 'from public."old ""days"""' "$scratch/stderr") || fail "no slice asked the first shard"
[[ $asked -gt 20 ]] || fail "only $asked slices asked the first shard"
grep -q 'from public.recent' "$scratch/stderr" || fail "no slice asked the second shard"
# None lies across the bound.
through_parent=$(grep -c '^        from "public"."LiteLLM_SpendLogs"' "$scratch/stderr") || true
equals "slices that ask the parent" "$through_parent" 0

python3 - "$scratch/stderr" >"$scratch/explain.sql" <<'PY'
import sys
text = open(sys.argv[1]).read()
statement = next(part for part in text.split("\nmisroute: ") if "from public.recent" in part)
print("prepare slice(timestamp, timestamp, jsonpath, float8, text[], text[], integer) as", statement[statement.index("select bucket"):], ";")
print("set enable_sort = off;")
print("explain (verbose, costs off) execute slice('2026-11-01', '2026-11-02', '$[*]', 900000, null, null, null);")
PY
plan=$(sql "$other" -f "$scratch/explain.sql")
contains "what is asked of a shard" "$plan" 'Relations: Aggregate on (public.recent)'

# A role that may read the parent only is not sent to partitions it cannot read.
sql "$other" -c "create role reader_$$ login" -c "grant select on \"LiteLLM_SpendLogs\" to reader_$$" \
    -c "create user mapping for reader_$$ server second options (user '$PGUSER', password_required 'false')"
status=0
timeout -s KILL 60 "$misroute" scan --db "postgresql://reader_$$@/$other" --by host --since 48h --now "$now" --no-cache \
    --format json --log-sql >"$scratch/report.json" 2>"$scratch/stderr" || status=$?
equals "exit code of a role that may not read partitions" "$status" 0
contains "its report" "$(cat "$scratch/report.json")" '"scanned": 30'
! grep -q 'from public.recent' "$scratch/stderr" || fail "a partition was asked that the role may not read"
sql "$other" -c "drop owned by reader_$$ cascade" -c "drop role reader_$$"
