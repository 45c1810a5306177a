-- tally.sql — the rows of one slice, counted by who asked, who answered and what kind of row each is.
--
-- $1 timestamp  since, UTC wall clock, inclusive
-- $2 timestamp  until, exclusive
-- $3 jsonpath   selects the tags that name the host, the instance or the issuer asked for
-- $4 float8     width of a time bucket in milliseconds
-- $5 text[]     only rows of these deployments; null for all
--
-- One row a group, in no order (the reader sorts them):
--   bucket bigint        number of the bucket since 1970
--   tags jsonb           array of text
--   host_metadata text, api_key text, team_id text, entity text
--   provider text, api_base text, model text, model_group text, model_id text
--   reason text          why the rows are left out of every verdict, or ''
--   requests bigint, tokens bigint
--   spend_nano numeric   US dollars × 10⁹, summed as integers so that no order of addition can change the sum
--   unpriced_requests bigint, unpriced_tokens bigint
--   first bigint, last bigint   milliseconds since 1970
--
-- Plain aggregates and immutable built-in functions only: postgres_fdw and Citus push the whole of it down.
select :bucket as bucket,
       :tags as tags,
       :host_metadata as host_metadata,
       api_key,
       team_id,
       :entity as entity,
       custom_llm_provider as provider,
       api_base,
       model,
       model_group,
       model_id,
       :reason as reason,
       count(*) as requests,
       sum(total_tokens) as tokens,
       sum(case when spend between -1000000 and 1000000 then (spend * 1000000000)::bigint end) as spend_nano,
       count(*) filter (where spend = 0 and total_tokens > 0) as unpriced_requests,
       sum(total_tokens) filter (where spend = 0 and total_tokens > 0) as unpriced_tokens,
       (date_part('epoch', min("startTime")) * 1000)::bigint as first,
       (date_part('epoch', max("startTime")) * 1000)::bigint as last
from :relation
where "startTime" >= $1
  and "startTime" < $2
  and ($5::text[] is null or coalesce(model_id, '') = any ($5))
  and $3::jsonpath is not null
  and $4::float8 > 0
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
