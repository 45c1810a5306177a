-- ahead.sql — how far the newest row lies in the future.
--
-- "startTime" is UTC wall clock without a zone: whoever writes local time into it writes rows of the future, or of a
-- past that is too long ago to be read (LiteLLM #34364, #25234).
--
--   ahead bigint  milliseconds after the server's clock; null when no row lies more than five minutes after it
select (date_part('epoch', max("startTime") - (statement_timestamp() at time zone 'UTC')) * 1000)::bigint as ahead
from :relation
where "startTime" > (statement_timestamp() at time zone 'UTC') + interval '5 minutes' -- stable: the index is asked for it
  and "startTime" < 'infinity'
