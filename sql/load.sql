-- load.sql — how busy the server is.
--
--   active bigint   client backends other than our own that run a statement right now
--   hidden bigint   backends of which this role may not see what they do (it lacks pg_read_all_stats)
select count(*) filter (where state = 'active') as active,
       count(*) filter (where state is null) as hidden
from pg_stat_activity
where coalesce(backend_type, 'client backend') = 'client backend'
  and pid <> pg_backend_pid()
  and application_name is distinct from current_setting('application_name')
