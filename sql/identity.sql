-- identity.sql — which log this is, what its clock says, and from when on it has rows: what a kept count depends on.
--
-- $1 text  the relation, quoted, with its schema
--
--   identity text    differs after a restore, a failover, and when the relation is another one
--   now bigint       milliseconds since 1970; on a standby how far it has replayed; null when it does not know
--   oldest bigint    milliseconds since 1970 of the oldest row; null when there is none
--
-- A count of a stretch before `oldest` is not kept: LiteLLM deletes old rows (maximum_spend_logs_retention_period).
select concat_ws('/',
                 (select system_identifier from pg_control_system()),
                 (select timeline_id from pg_control_checkpoint()),
                 (select oid from pg_database where datname = current_database()),
                 $1::regclass::oid) as identity,
       (date_part('epoch', case when pg_is_in_recovery() then pg_last_xact_replay_timestamp()
                                else clock_timestamp() end) * 1000)::bigint as now,
       (select (date_part('epoch', min("startTime")) * 1000)::bigint from :relation) as oldest
