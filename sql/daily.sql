-- daily.sql — LiteLLM's own roll-ups: requests of a day by who asked and which provider answered.
--
-- $1 text  first day, "2026-11-22"; the days of LiteLLM are those of UTC
-- $2 text  the day after the last
-- $3 text  what the entity begins with, "host:"; '' for all
--
-- One row a group, in no order:
--   day bigint           its first moment, milliseconds since 1970
--   entity text          value of :entity, which is a tag, a user or a team; names are cut as in tally.sql
--   api_key text, provider text, model text
--   successful bigint, failed bigint   requests
--   tokens bigint, spend_nano numeric  US dollars × 10⁹
--   unpriced_requests bigint, unpriced_tokens bigint   of roll-ups with tokens and without any spend
--
-- Neither model_id nor api_base is in a roll-up, and model_group is that of its first request: it is not read.
select (date_part('epoch', date::timestamp) * 1000)::bigint as day,
       left(:entity, 201) as entity,
       left(api_key, 1000) as api_key,
       left(custom_llm_provider, 201) as provider,
       left(model, 201) as model,
       sum(successful_requests) as successful,
       sum(failed_requests) as failed,
       sum(prompt_tokens + completion_tokens) as tokens,
       sum(case when spend between -1000000000 and 1000000000 then (spend::numeric * 1000000000)::bigint end) as spend_nano,
       sum(successful_requests) filter (where spend = 0 and prompt_tokens + completion_tokens > 0) as unpriced_requests,
       sum(prompt_tokens + completion_tokens) filter (where spend = 0) as unpriced_tokens
from :relation
where date >= $1
  and date < $2
  and date collate "C" ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
  and ($3::text = '' or starts_with((:entity) collate "C", $3::text))
  and coalesce(:mcp, '') = ''
group by 1, 2, 3, 4, 5
