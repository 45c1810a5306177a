-- load.sql — how busy the server is.
--
--   active bigint   client backends other than our own that run a statement right now
--   hidden bigint   backends of which this role may not see what they do (it lacks pg_read_all_stats); the server's own
--                   processes have no user or no database, and are none
select count(*) filter (where state = 'active') as active,
       count(*) filter (where state is null and usename is not null and datname is not null) as hidden
from pg_stat_activity
where coalesce(backend_type, 'client backend') = 'client backend'
  and pid <> pg_backend_pid()
  and application_name is distinct from current_setting('application_name')
