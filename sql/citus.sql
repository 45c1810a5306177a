-- citus.sql — into how many shards Citus has divided the log. Only where relations.sql says that there is such a catalogue.
--
-- $1 text  the relation, quoted, with its schema
--
-- One row of a distributed table; none of one that is whole on this server, as reference tables are:
--   shards bigint
select (select count(*) from pg_dist_shard s where s.logicalrelid = p.logicalrelid) as shards
from pg_dist_partition p
where p.logicalrelid = $1::regclass
  and (p.partmethod <> 'n' or (p.repmodel = 's' and p.colocationid <> 0)) -- the latter has one shard, on some worker
