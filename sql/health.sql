-- health.sql — what doctor wants to know about the server and the spend log.
--
-- $1 text schema, $2 text relation
--
--   standby boolean
--   time_index boolean   some index begins with "startTime"
--   newest bigint        milliseconds since 1970; null for an empty table
--   server_now bigint    milliseconds since 1970
--   legacy boolean       "LiteLLM_SpendLogs_legacy" stands beside it
select pg_is_in_recovery() as standby,
       exists (
           select 1
           from pg_index i
           join pg_class c on c.oid = i.indrelid
           join pg_namespace n on n.oid = c.relnamespace
           join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
           where n.nspname = $1 and c.relname = $2 and a.attname = 'startTime' and i.indisvalid
       ) as time_index,
       (select (date_part('epoch', max("startTime")) * 1000)::bigint from :relation) as newest,
       (date_part('epoch', clock_timestamp()) * 1000)::bigint as server_now,
       exists (
           select 1
           from pg_class c
           join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = $1 and c.relname = $2 || '_legacy'
       ) as legacy
