-- tally.sql — the rows of one slice, counted by who asked, who answered and what kind of row each is.
--
-- $1 timestamp  since, UTC wall clock, inclusive
-- $2 timestamp  until, exclusive
-- $3 jsonpath   selects the tags that name the host, the instance or the issuer asked for
-- $4 float8     width of a time bucket in milliseconds
-- $5 text[]     only rows of these deployments; null for all
-- $6 text[]     only rows of these keys; null for all
-- $7 integer    only one row in $7 + 1, a power of two, by a hash of its request_id; null for all
--
-- One row a group, in no order (the reader sorts them); names are cut, so several rows may be of one group:
--   bucket bigint        number of the bucket since 1970
--   tags text            JSON array of text; only its end where it is longer than 2,000 characters
--   host_metadata text, api_key text, team_id text, entity text
--   provider text, api_base text, model text, model_group text, model_id text
--   reason text          why the rows are left out of every verdict, or ''
--   requests bigint, tokens bigint
--   spend_nano numeric   US dollars × 10⁹, summed as integers so that no order of addition can change the sum
--   unpriced_requests bigint, unpriced_tokens bigint
--   first bigint, last bigint   milliseconds since 1970
--
-- Two steps: rows are counted by their raw columns, and the few groups that makes are then read and counted again.
-- Reading tags costs more than counting a row. The inner step has plain aggregates over columns only: postgres_fdw and
-- Citus push the whole of it down. Names are cut at the very end, where nothing has to be compared any more.
--
-- Every column of the inner step costs time for every row, a constant as much as any other. :columns and :groups name
-- those that are asked for ("group_bucket", "group_host_metadata", "group_entity", "group_marker"), and the outer step
-- has a constant for each of the others.
select bucket,
       right(tags::text, 2000) as tags,
       left(host_metadata, 201) as host_metadata,
       left(api_key, 1000) as api_key,
       left(team_id, 201) as team_id,
       left(entity, 201) as entity,
       left(provider, 201) as provider,
       left(api_base, 400) as api_base,
       left(model, 201) as model,
       left(model_group, 201) as model_group,
       left(model_id, 201) as model_id,
       reason,
       requests,
       tokens,
       spend_nano,
       unpriced_requests,
       unpriced_tokens,
       (date_part('epoch', first) * 1000)::bigint as first,
       (date_part('epoch', last) * 1000)::bigint as last
from (
    select :group_bucket as bucket,
           :tags as tags,
           :group_host_metadata as host_metadata,
           api_key,
           team_id,
           :group_entity as entity,
           custom_llm_provider as provider,
           api_base,
           model,
           model_group,
           model_id,
           coalesce(nullif(:reason, ''), :group_marker, '') as reason,
           sum(requests) as requests,
           sum(tokens) as tokens,
           sum(spend_nano) as spend_nano,
           sum(unpriced_requests) as unpriced_requests,
           sum(unpriced_tokens) as unpriced_tokens,
           min(first) as first,
           max(last) as last
    from (
        select :request_tags as request_tags,
               api_key,
               team_id,
               custom_llm_provider,
               api_base,
               model,
               model_group,
               model_id,
               cache_hit,
               :status as status,
               call_type,
               count(*) as requests,
               sum(total_tokens) as tokens,
               sum(case when spend between -1000000 and 1000000 then (spend * 1000000000)::bigint end) as spend_nano,
               count(*) filter (where spend = 0 and total_tokens > 0) as unpriced_requests,
               sum(total_tokens) filter (where spend = 0 and total_tokens > 0) as unpriced_tokens,
               min("startTime") as first,
               max("startTime") as last
               :columns
        from :relation
        where "startTime" >= $1
          and "startTime" < $2
          and $3::jsonpath is not null
          and $4::float8 > 0
          and case -- the cheapest question first, and no question at all where all are null
                  when hashtext(request_id) & $7::integer <> 0 then false
                  else ($5::text[] is null or coalesce(model_id, '') = any ($5))
                       and ($6::text[] is null or api_key = any ($6))
              end
        group by :request_tags, api_key, team_id, custom_llm_provider, api_base, model, model_group, model_id,
                 cache_hit, :status, call_type :groups -- no aliases: the name of a column would be the column
    ) as counted
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
) as groups
