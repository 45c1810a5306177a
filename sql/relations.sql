-- relations.sql — every relation that may be LiteLLM's spend log.
--
-- $1 text  its name, "LiteLLM_SpendLogs"
--
--   schema text, kind text (r table, p partitioned, v view, m materialized view, f foreign table)
--   visible boolean      found without naming the schema
select n.nspname::text as schema,
       c.relkind::text as kind,
       pg_table_is_visible(c.oid) as visible
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relname = $1
  and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname not like 'pg\_%'
order by pg_table_is_visible(c.oid) desc, n.nspname
