-- key_aliases.sql — the names that people gave to keys.
--
-- $1 text[]  key hashes
--
--   token text, key_alias text
select token, key_alias
from :relation
where token collate "C" = any ($1)
  and key_alias <> ''
order by token collate "C", key_alias collate "C"
