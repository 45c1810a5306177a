-- SPDX-License-Identifier: Apache-2.0
drop table "LiteLLM_SpendLogs" cascade; create table "LiteLLM_SpendLogs" (request_id text, "startTime" timestamp);
