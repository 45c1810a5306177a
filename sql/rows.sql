-- rows.sql — single rows of one issuer in order of time, a page at a time.
--
-- The filter lets through every row of the issuer, and few others: the reader compares again.
--
-- $1 timestamp  since, UTC wall clock, inclusive
-- $2 timestamp  until, exclusive
-- $3 jsonpath   selects the tags that name the host, the instance or the issuer asked for
-- $4 timestamp, $5 text   the row before the page: its "startTime" and request_id
-- $6 bigint     rows of a page
-- $7 …          what :belongs, the filter of the issuer, compares with
--
-- One row a request, ordered by ("startTime", request_id), :direction:
--   time bigint          milliseconds since 1970
--   request_id text, tags text (as in tally.sql), host_metadata text, api_key text, team_id text, entity text
--   provider text, api_base text, model text, model_group text, model_id text, reason text
--   tokens bigint, spend_nano bigint
--   marker text          what metadata says, or ''; null where it is not read
--   written boolean      LiteLLM's version writes markers at all
select (date_part('epoch', "startTime") * 1000)::bigint as time,
       request_id,
       right((:tags)::text, 2000) as tags,
       left(:host_metadata, 201) as host_metadata,
       left(api_key, 1000) as api_key,
       left(team_id, 201) as team_id,
       left(:entity, 201) as entity,
       left(custom_llm_provider, 201) as provider,
       left(api_base, 400) as api_base,
       left(model, 201) as model,
       left(model_group, 201) as model_group,
       left(model_id, 201) as model_id,
       :reason as reason,
       total_tokens::bigint as tokens,
       case when spend between -1000000 and 1000000 then (spend * 1000000000)::bigint else 0 end as spend_nano,
       :marker as marker,
       :written as written
from :relation
where "startTime" >= $1
  and "startTime" < $2
  and $3::jsonpath is not null
  and ("startTime", request_id) :after ($4::timestamp, $5::text)
  and (:belongs)
order by "startTime" :direction, request_id :direction
limit $6
