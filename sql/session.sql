-- session.sql — the settings of one transaction. Local ones survive PgBouncer's transaction pooling.
--
-- $1 text statement_timeout in ms, $2 text lock_timeout in ms
select pg_catalog.set_config('statement_timeout', $1, true),
       pg_catalog.set_config('lock_timeout', $2, true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', '60000', true),
       -- Whoever may create in another schema can put an operator there that our statements would use.
       pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
       -- A policy that hides rows is an error, not a smaller count.
       pg_catalog.set_config('row_security', 'off', true),
       pg_catalog.set_config('TimeZone', 'UTC', true),
       pg_catalog.set_config('DateStyle', 'ISO', true),
       pg_catalog.set_config('client_encoding', 'UTF8', true),
       pg_catalog.set_config('quote_all_identifiers', 'off', true), -- types are compared by name
       pg_catalog.set_config('max_parallel_workers_per_gather', '0', true),
       pg_catalog.set_config('jit', 'off', true),
       -- A cursor is read to its end, and a group of many columns is hashed: its size is always overestimated.
       pg_catalog.set_config('cursor_tuple_fraction', '1', true),
       pg_catalog.set_config('enable_sort', 'off', true)
