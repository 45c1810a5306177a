-- SPDX-License-Identifier: Apache-2.0
select add_incident(tagged => false); alter table "LiteLLM_SpendLogs" drop column status, drop column requester_ip_address; drop index if exists "LiteLLM_SpendLogs_startTime_idx";
