-- SPDX-License-Identifier: Apache-2.0
--
-- Creates the role that misroute needs, and lets it read what misroute reads: column by column, so that the prompts
-- (messages, response, proxy_server_request) stay out of its reach, as do keys' metadata and every stored setting.
--
--   psql -d litellm -f sql/grants.sql                                             role misroute, schema public
--   psql -d litellm -v role=auditor -v schema=llm -v database=litellm -f sql/grants.sql
--
-- Run it as the owner of LiteLLM's tables (who may also create roles) or as a superuser; run it again after LiteLLM
-- was upgraded, and after partitions were added. What it grants on these tables replaces what the role had on them.
-- The role can log in and has no password: set one with \password misroute, which does not leave it in any log.

\set ON_ERROR_STOP on
\set QUIET on
\if :{?role} \else \set role misroute \endif
\if :{?schema} \else \set schema public \endif
\if :{?database} \else \set database :DBNAME \endif

BEGIN;

-- Fails here, and says so, when this is not LiteLLM's database or another schema holds its tables.
SELECT format('%I.%I', :'schema', 'LiteLLM_SpendLogs')::regclass AS spend_logs \gset

SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec

ALTER ROLE :"role" LOGIN;
ALTER ROLE :"role" SET default_transaction_read_only = on;
GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT USAGE ON SCHEMA :"schema" TO :"role";

-- Table and column that misroute reads; % stands for anything. Versions of LiteLLM differ: what is absent is
-- left out.
CREATE TEMPORARY TABLE misroute_reads (table_pattern text, column_pattern text) ON COMMIT DROP;
INSERT INTO misroute_reads
SELECT 'LiteLLM_SpendLogs', unnest(ARRAY[
    'request_id', 'call_type', 'api_key', 'spend', 'total_tokens', 'prompt_tokens', 'completion_tokens', 'startTime',
    'endTime', 'model', 'model_id', 'model_group', 'custom_llm_provider', 'api_base', 'user', 'metadata', 'cache_hit',
    'request_tags', 'team_id', 'end_user', 'requester_ip_address', 'status'])
UNION ALL VALUES
    ('LiteLLM_VerificationToken', 'token'),
    ('LiteLLM_VerificationToken', 'key_alias'),
    ('LiteLLM_DeletedVerificationToken', 'token'),
    ('LiteLLM_DeletedVerificationToken', 'key_alias'),
    ('LiteLLM_DeprecatedVerificationToken', 'token'),
    ('LiteLLM_DeprecatedVerificationToken', 'active_token_id'),
    ('LiteLLM_TeamTable', 'team_id'),
    ('LiteLLM_TeamTable', 'team_alias'),
    ('LiteLLM_ProxyModelTable', 'model_id'),
    ('LiteLLM_Config', 'param_name'),
    ('LiteLLM_Daily%Spend', '%');

-- The tables themselves; for a partitioned one its partitions, which misroute asks directly where it can; and the table
-- that LiteLLM's conversion to partitions leaves behind.
CREATE TEMPORARY TABLE misroute_tables ON COMMIT DROP AS
SELECT table_pattern, pg_class.oid AS relation
FROM (SELECT DISTINCT table_pattern FROM misroute_reads) AS reads
JOIN pg_class ON relname LIKE replace(table_pattern, '_', '\_') AND relnamespace = quote_ident(:'schema')::regnamespace
    AND relkind IN ('r', 'p', 'f', 'v', 'm')
UNION
SELECT 'LiteLLM_SpendLogs', relid FROM pg_partition_tree(:'spend_logs')
UNION
SELECT 'LiteLLM_SpendLogs', to_regclass(format('%I.%I', :'schema', 'LiteLLM_SpendLogs_legacy'))
WHERE to_regclass(format('%I.%I', :'schema', 'LiteLLM_SpendLogs_legacy')) IS NOT NULL;

SELECT format('REVOKE ALL ON %s FROM %I', relation::regclass, :'role') FROM misroute_tables \gexec

SELECT format('GRANT SELECT (%s) ON %s TO %I', string_agg(quote_ident(attname), ', ' ORDER BY attnum),
    relation::regclass, :'role')
FROM misroute_tables
JOIN misroute_reads USING (table_pattern)
JOIN pg_attribute ON attrelid = relation AND attname LIKE replace(column_pattern, '_', '\_')
    AND attnum > 0 AND NOT attisdropped
GROUP BY relation \gexec

COMMIT;

\echo role :"role" may now read what misroute reads in schema :"schema" of database :"database"
