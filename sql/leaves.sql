-- leaves.sql — the partitions of a spend log that are tables of another server, with the stretch of time each holds.
--
-- $1 text    the relation, quoted, with its schema
-- $2 text[]  columns that have to be readable
--
--   relation text   quoted, with schema
--   since bigint, until bigint   bounds of the partition, milliseconds since 1970
--
-- Through the partitioned parent postgres_fdw pushes no aggregate down; of the partition itself it ships the whole.
-- Only partitions by range of "startTime" alone with two finite bounds are listed.
with partition as (
    select format('%I.%I', n.nspname, c.relname) as relation,
           regexp_match(pg_get_expr(c.relpartbound, c.oid),
                        '^FOR VALUES FROM \(''([-0-9: .]+)''\) TO \(''([-0-9: .]+)''\)$') as bounds,
           c.oid as oid
    from pg_partitioned_table p
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0] and a.attname = 'startTime'
    join pg_inherits i on i.inhparent = p.partrelid
    join pg_class c on c.oid = i.inhrelid and c.relkind = 'f'
    join pg_namespace n on n.oid = c.relnamespace
    where p.partrelid = $1::regclass
      and p.partstrat = 'r'
      and p.partnatts = 1
)
select relation,
       (date_part('epoch', bounds[1]::timestamp) * 1000)::bigint as since,
       (date_part('epoch', bounds[2]::timestamp) * 1000)::bigint as until
from partition
where bounds is not null
  and not exists (select
                  from unnest($2::text[]) as needed (name)
                  where not has_column_privilege(partition.oid, needed.name, 'select'))
order by since
