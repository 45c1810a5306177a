#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The rows of sql/demo are the incident, and lie within the last 24 hours. Needs the server of script/test.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"

psql -qc 'select 1' >/dev/null || fail 'there is no PostgreSQL server; run this with script/test, or script/with-postgres'
database=misroute_test_demo_$$
trap 'psql -qd postgres -c "drop database if exists $database (force)"; rm -rf "$scratch"' EXIT
psql -qd postgres -c "create database $database"
psql -qd "$database" -v ON_ERROR_STOP=1 -f sql/demo/01_schema.sql -f sql/demo/02_rows.sql
query() { psql -d "$database" -At -v ON_ERROR_STOP=1 -c "$1"; }

# Newest first, as the admin interface shows it: model, tokens, dollars, seconds before the newest.
incident='from "LiteLLM_SpendLogs" where request_tags ? '\''host: claude.goodvision.tech'\'
equals 'the incident' "$(query "select model, total_tokens, round(spend::numeric, 3),
    extract(epoch from max(\"startTime\") over () - \"startTime\")::int $incident order by \"startTime\" desc")" \
'openai/claude-opus-4-6|15633|0.000|0
anthropic/claude-opus-4-6|14333|0.076|9
openai/claude-opus-4-6|168|0.000|18
openai/claude-opus-4-6|13498|0.000|26
anthropic/claude-opus-4-6|12355|0.065|32
openai/claude-opus-4-6|130|0.000|43
openai/claude-opus-4-6|9243|0.000|51
anthropic/claude-opus-4-6|2527|0.016|57'
equals 'who answered, oldest first' \
    "$(query "select string_agg(split_part(api_base, '/', 3), ' ' order by \"startTime\") $incident")" \
    "$(printf '%s ' api.anthropic.com kellycloudai.com yxaiapp.com api.anthropic.com kellycloudai.com yxaiapp.com \
        api.anthropic.com)kellycloudai.com"

equals 'rows outside the last 24 hours' "$(query "select count(*) from \"LiteLLM_SpendLogs\"
    where \"startTime\" not between (now() at time zone 'UTC') - interval '24 h' and (now() at time zone 'UTC')")" '0'
equals 'cache hits, failures, health checks' "$(query "select count(*) filter (where cache_hit = 'True'),
    count(*) filter (where status = 'failure' and custom_llm_provider = '' and api_base = ''),
    count(*) filter (where api_key = 'litellm-internal-health-check') from \"LiteLLM_SpendLogs\"")" '2|2|2'
equals 'rows with a prompt to leak' "$(query "select count(*) from \"LiteLLM_SpendLogs\"
    where messages::text like '%PROMPT-CANARY%' and response::text like '%PROMPT-CANARY%'
      and proxy_server_request::text like '%PROMPT-CANARY%' and metadata::text not like '%PROMPT-CANARY%'")" '30'
