-- SPDX-License-Identifier: Apache-2.0
--
-- Creates the role that misroute needs, and lets it read what misroute reads: column by column, so that the prompts
-- (messages, response, proxy_server_request) stay out of its reach, as do keys' metadata and every stored setting.
--
--   psql -d litellm -f grants.sql                                                 role misroute, schema public
--   psql -d litellm -v role=auditor -v schema=llm -v database=litellm -f grants.sql
--
-- Run it as the owner of LiteLLM's tables (who may also create roles) or as a superuser; run it again after LiteLLM
-- was upgraded, and after partitions were added. What it grants on these tables replaces what the role had on them; so
-- a role that LiteLLM itself may use (a superuser, an owner, whoever may write anything) is refused.
-- The role can log in and has no password: set one with \password misroute, which does not leave it in any log.

\set ON_ERROR_STOP on
\set QUIET on
\if :{?role} \else \set role misroute \endif
\if :{?schema} \else \set schema public \endif
\if :{?database} \else \set database :DBNAME \endif

begin;

-- Operators and functions of PostgreSQL's own, whatever anybody has created in other schemas.
set local search_path = pg_catalog, pg_temp;

-- Fails here, and says so, when this is not LiteLLM's database or another schema holds its tables.
select format('%I.%I', :'schema', 'LiteLLM_SpendLogs')::regclass as spend_logs \gset

-- What speaks against a role that is there already, the worst first: it would lose what it has on LiteLLM's tables, and
-- misroute would have more than it needs. Membership counts, inherited or not: the role may take it with SET ROLE.
with usable as (
    select usable.oid, usable.rolsuper, usable.rolcreaterole
    from pg_roles as asked join pg_roles as usable on pg_has_role(asked.oid, usable.oid, 'member')
    where asked.rolname = :'role'
), tables as (
    select pg_class.oid, relowner, relkind
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'f', 'v', 'm') and relpersistence <> 't'
        and nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg\_toast%'
), reasons as (
    select 1 as rank, 'is or may become a superuser' as reason from usable where rolsuper
    union all
    select 2, 'may give roles to itself (CREATEROLE)' from usable where rolcreaterole
    union all
    select 3, format('owns %s', tables.oid::regclass) from tables join usable on usable.oid = relowner
    union all
    select 4, format('may write to %s', tables.oid::regclass) from tables join usable
        on has_table_privilege(usable.oid, tables.oid, 'insert, update, delete, truncate')
        or has_any_column_privilege(usable.oid, tables.oid, 'insert, update')
)
select format('do %L', format('begin raise exception using message = %L, hint = %L; end',
    format('role %I %s: misroute must only read, and what LiteLLM itself may do would be revoked', :'role', reason),
    'name another role, which is then made here: -v role=misroute_reader'))
from reasons order by rank, reason limit 1 \gexec

select format('create role %I login', :'role')
where not exists (select from pg_roles where rolname = :'role') \gexec

alter role :"role" login;
alter role :"role" set default_transaction_read_only = on;
grant connect on database :"database" to :"role";
grant usage on schema :"schema" to :"role";

-- Table and column that misroute reads; % stands for anything. Versions of LiteLLM differ: what is absent is
-- left out.
create temporary table misroute_reads (table_pattern text, column_pattern text) on commit drop;
insert into misroute_reads
select 'LiteLLM_SpendLogs', unnest(array[
    'request_id', 'call_type', 'api_key', 'spend', 'total_tokens', 'prompt_tokens', 'completion_tokens', 'startTime',
    'endTime', 'model', 'model_id', 'model_group', 'custom_llm_provider', 'api_base', 'user', 'metadata', 'cache_hit',
    'request_tags', 'team_id', 'end_user', 'requester_ip_address', 'status'])
union all values
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
create temporary table misroute_tables on commit drop as
select table_pattern, pg_class.oid as relation
from (select distinct table_pattern from misroute_reads) as reads
join pg_class on relname like replace(table_pattern, '_', '\_') and relnamespace = quote_ident(:'schema')::regnamespace
    and relkind in ('r', 'p', 'f', 'v', 'm')
union
select 'LiteLLM_SpendLogs', relid from pg_partition_tree(:'spend_logs')
union
select 'LiteLLM_SpendLogs', to_regclass(format('%I.%I', :'schema', 'LiteLLM_SpendLogs_legacy'))
where to_regclass(format('%I.%I', :'schema', 'LiteLLM_SpendLogs_legacy')) is not null;

select format('revoke all on %s from %I', relation::regclass, :'role') from misroute_tables \gexec

select format('grant select (%s) on %s to %I', string_agg(quote_ident(attname), ', ' order by attnum),
    relation::regclass, :'role')
from misroute_tables
join misroute_reads using (table_pattern)
join pg_attribute on attrelid = relation and attname like replace(column_pattern, '_', '\_')
    and attnum > 0 and not attisdropped
group by relation \gexec

commit;

\echo role :"role" may now read what misroute reads in schema :"schema" of database :"database"
