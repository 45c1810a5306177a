-- worker_lock_timeout.sql — lets the workers of Citus wait for a lock as long as we would. set_config() is not passed on to
-- them, SET takes no parameter, and Citus passes on the whole text of what it came with: it has to come alone.
set local lock_timeout = :lock_timeout
