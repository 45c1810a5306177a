-- columns.sql — the columns of a relation, and whether this role may read each.
--
-- $1 text schema, $2 text relation
--
--   name text, type text, readable boolean
select a.attname::text as name,
       format_type(a.atttypid, a.atttypmod) as type,
       has_column_privilege(c.oid, a.attnum, 'select') as readable
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1
  and c.relname = $2
  and a.attnum > 0
  and not a.attisdropped
order by a.attnum
