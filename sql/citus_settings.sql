-- citus_settings.sql — the settings of one transaction that asks a distributed table of Citus, after session.sql.
--
-- One connection to a worker for each of ours: --jobs says how much is asked at once there, too, and since Citus keeps one
-- open after a transaction, the next slice finds it. By itself it opens up to sixteen for every slice, and closes the rest.
select pg_catalog.set_config('citus.max_adaptive_executor_pool_size', '1', true),
       pg_catalog.set_config('citus.max_cached_conns_per_worker', '1', true),
       pg_catalog.set_config('citus.propagate_set_commands', 'local', true) -- for worker_lock_timeout.sql
