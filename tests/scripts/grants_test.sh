#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# sql/grants.sql on the demonstration's schema: the role reads exactly what misroute reads, however often the file is
# run, on older and on partitioned schemas too. Needs the server of script/test.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"

psql -qc 'select 1' >/dev/null || fail 'there is no PostgreSQL server; run this with script/test, or script/with-postgres'

reader=misroute_test_reader_$$
writer=misroute_test_writer_$$
member=misroute_test_member_$$
database=misroute_test_grants_$$
trap 'psql -qd postgres -c "drop database if exists $database (force)" -c "drop role if exists $reader, $writer, $member"; rm -rf "$scratch"' EXIT
fresh_database() {
    psql -qd postgres -c "drop database if exists $database (force)" -c "create database $database" 2>/dev/null
    PGDATABASE=$database psql -q -v ON_ERROR_STOP=1 -f sql/demo/01_schema.sql -f sql/demo/02_rows.sql
}
grants() { exits 0 psql -d "$database" -v role="$reader" "$@" -f sql/grants.sql; }
query() { psql -d "$database" -At -v ON_ERROR_STOP=1 -c "$1"; }
as_reader() { psql -d "$database" -U "$reader" -At -c "$1"; }
# The columns of a table that the role may read.
readable() {
    query "select string_agg(attname, ' ' order by attname) from pg_attribute
        where attrelid = '$1'::regclass and attnum > 0 and not attisdropped
          and has_column_privilege('$reader', attrelid, attnum, 'select')"
}
spend_log_columns='api_base api_key cache_hit call_type completion_tokens custom_llm_provider endTime end_user metadata'
spend_log_columns+=' model model_group model_id prompt_tokens request_id request_tags requester_ip_address spend'
spend_log_columns+=' startTime status team_id total_tokens user'

fresh_database
for run in first second; do
    grants
    equals "spend log, $run run" "$(readable '"LiteLLM_SpendLogs"')" "$spend_log_columns"
    equals "keys, $run run" "$(readable '"LiteLLM_VerificationToken"')" 'key_alias token'
    equals "deleted keys, $run run" "$(readable '"LiteLLM_DeletedVerificationToken"')" 'key_alias token'
    equals "rotated keys, $run run" "$(readable '"LiteLLM_DeprecatedVerificationToken"')" 'active_token_id token'
    equals "teams, $run run" "$(readable '"LiteLLM_TeamTable"')" 'team_alias team_id'
    equals "models, $run run" "$(readable '"LiteLLM_ProxyModelTable"')" 'model_id'
    equals "settings, $run run" "$(readable '"LiteLLM_Config"')" 'param_name'
    contains "daily sums, $run run" "$(readable '"LiteLLM_DailyTagSpend"')" 'custom_llm_provider'
done

equals 'rows the role can count' "$(as_reader 'select count("startTime") from "LiteLLM_SpendLogs"')" '30'
for column in messages response proxy_server_request; do
    exits 1 as_reader "select $column from \"LiteLLM_SpendLogs\""
    contains "selecting $column" "$printed" 'permission denied'
done
exits 1 as_reader 'select param_value from "LiteLLM_Config"'
exits 1 as_reader 'create temporary table t (n int)'
contains 'writing' "$printed" 'read-only transaction'
equals 'the role may write nothing' "$(query "select count(*) from pg_class where relnamespace = 'public'::regnamespace
    and relkind = 'r' and has_table_privilege('$reader', oid, 'insert, update, delete, truncate')")" '0'

# What was granted to read beyond that is taken back.
query "grant select on \"LiteLLM_SpendLogs\" to $reader" >/dev/null
grants
equals 'after an excess' "$(readable '"LiteLLM_SpendLogs"')" "$spend_log_columns"

# Roles that LiteLLM itself may use keep what they have: nothing is granted, nothing revoked.
refuses() { # <what> <role> <words of the message>
    exits 3 psql -d "$database" -v role="$2" -f sql/grants.sql
    contains "$1" "$printed" "role $2 $3"
    contains "$1" "$printed" 'name another role'
}
refuses 'a superuser' "$(query 'select current_user')" 'is or may become a superuser'
query "create role $writer login" >/dev/null
query "grant insert on \"LiteLLM_SpendLogs\" to $writer" >/dev/null
refuses 'who may write' "$writer" 'may write to public."LiteLLM_SpendLogs"'
equals 'what it may write' "$(query "select has_table_privilege('$writer', '\"LiteLLM_SpendLogs\"', 'insert')")" 't'
query "revoke insert on \"LiteLLM_SpendLogs\" from $writer; grant update (spend) on \"LiteLLM_SpendLogs\" to $writer" \
    >/dev/null
refuses 'who may write one column' "$writer" 'may write to public."LiteLLM_SpendLogs"'
query "revoke update (spend) on \"LiteLLM_SpendLogs\" from $writer; create table notes (n int);
    alter table notes owner to $writer" >/dev/null
refuses 'who owns something else' "$writer" 'owns public.notes'
query "alter table notes owner to $(query 'select current_user'); alter role $writer createrole" >/dev/null
refuses 'who may give roles' "$writer" 'may give roles to itself'
query "alter role $writer nocreaterole; alter table \"LiteLLM_SpendLogs\" owner to $writer;
    create role $member login noinherit; grant $writer to $member" >/dev/null
refuses 'the owner' "$writer" 'owns public."LiteLLM_SpendLogs"'
refuses 'a member of the owner' "$member" 'owns public."LiteLLM_SpendLogs"'
equals 'what the owner may write' "$(query "select has_table_privilege('$writer', '\"LiteLLM_SpendLogs\"', 'insert')")" 't'
query "alter table \"LiteLLM_SpendLogs\" owner to $(query 'select current_user')" >/dev/null
grants

# An older LiteLLM: columns and tables are missing.
query 'alter table "LiteLLM_SpendLogs" drop column status, drop column proxy_server_request;
    drop table "LiteLLM_DeletedVerificationToken", "LiteLLM_DeprecatedVerificationToken", "LiteLLM_DailyTagSpend"' \
    >/dev/null 2>&1
grants
equals 'an older schema' "$(readable '"LiteLLM_SpendLogs"')" "${spend_log_columns/ status/}"

# A partitioned spend log, in a schema of its own: partitions and the table of before the conversion can be read.
query 'create schema llm; create table llm."LiteLLM_SpendLogs_legacy" (request_id text, messages jsonb);
    create table llm."LiteLLM_SpendLogs" (request_id text, "startTime" timestamp(3), messages jsonb)
        partition by range ("startTime");
    create table llm."LiteLLM_SpendLogs_pdefault" partition of llm."LiteLLM_SpendLogs" default' >/dev/null
grants -v schema=llm -v database="$database"
for table in LiteLLM_SpendLogs LiteLLM_SpendLogs_pdefault; do
    equals "$table" "$(readable "llm.\"$table\"")" 'request_id startTime'
done
equals 'legacy' "$(readable 'llm."LiteLLM_SpendLogs_legacy"')" 'request_id'

# A database that is not LiteLLM's.
exits 3 psql -d postgres -v role="$reader" -f sql/grants.sql
contains 'another database' "$printed" 'relation "public.LiteLLM_SpendLogs" does not exist'
