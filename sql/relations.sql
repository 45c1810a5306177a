-- relations.sql — every relation that may be LiteLLM's spend log.
--
-- $1 text  its name, "LiteLLM_SpendLogs"
--
--   schema text, kind text (r table, p partitioned, v view, m materialized view, f foreign table)
--   owner text
--   policies boolean     row-level security hides rows from this role, or may do so
--   citus boolean        the server has Citus' catalogue, and this role may read it; see citus.sql
select n.nspname::text as schema,
       c.relkind::text as kind,
       pg_get_userbyid(c.relowner)::text as owner,
       row_security_active(c.oid) as policies,
       has_table_privilege(to_regclass('pg_catalog.pg_dist_partition'), 'select')
           and has_table_privilege(to_regclass('pg_catalog.pg_dist_shard'), 'select') as citus
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relname = $1
  and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname not like 'pg\_%'
order by n.nspname
