-- oldest.sql — from when on the log has rows.
--
--   oldest bigint  milliseconds since 1970; null for an empty log
select (date_part('epoch', min("startTime")) * 1000)::bigint as oldest
from :relation
