-- configured_keys.sql — the keys that the configuration means by their aliases.
--
-- $1 text[]  patterns of LIKE
-- $2 bigint  at most so many
--
--   token text, key_alias text
select token, key_alias
from :relation
where key_alias collate "C" like any ($1) -- a nondeterministic collation knows no LIKE
order by token collate "C", key_alias collate "C"
limit $2
