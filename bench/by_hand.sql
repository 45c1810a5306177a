-- SPDX-License-Identifier: Apache-2.0
--
-- What a person types first: every key, provider and upstream by the hour.
select api_key, custom_llm_provider, api_base, model, date_trunc('hour', "startTime") as hour, count(*), sum(spend)
from "LiteLLM_SpendLogs"
group by 1, 2, 3, 4, 5
