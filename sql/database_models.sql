-- database_models.sql — the models that the database adds to every proxy that shares it.
--
-- $1 bigint  at most so many
--
--   model_id text. litellm_params are encrypted, and are not read.
select model_id
from :relation
order by model_id
limit $1
