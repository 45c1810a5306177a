-- session.sql — the settings of one transaction. Local ones survive PgBouncer's transaction pooling.
--
-- $1 text statement_timeout in ms, $2 text lock_timeout in ms
select set_config('statement_timeout', $1, true),
       set_config('lock_timeout', $2, true),
       set_config('idle_in_transaction_session_timeout', '60000', true),
       set_config('TimeZone', 'UTC', true),
       set_config('max_parallel_workers_per_gather', '0', true),
       set_config('jit', 'off', true),
       -- A cursor is read to its end, and a group of many columns is hashed: its size is always overestimated.
       set_config('cursor_tuple_fraction', '1', true),
       set_config('enable_sort', 'off', true)
