-- SPDX-License-Identifier: Apache-2.0
--
-- The tables of LiteLLM that misroute looks at, with the columns, types, defaults and indexes that LiteLLM's own
-- migrations give them, up to September 2026. Only for the demonstration and the tests: in a real database LiteLLM
-- makes these tables itself.

create table "LiteLLM_SpendLogs" (
    request_id text not null primary key,
    call_type text not null,
    api_key text not null default '',
    spend double precision not null default 0.0,
    total_tokens integer not null default 0,
    prompt_tokens integer not null default 0,
    completion_tokens integer not null default 0,
    "startTime" timestamp(3) not null,
    "endTime" timestamp(3) not null,
    "completionStartTime" timestamp(3),
    model text not null default '',
    model_id text default '',
    model_group text default '',
    custom_llm_provider text default '',
    api_base text default '',
    "user" text default '',
    metadata jsonb default '{}',
    cache_hit text default '',
    cache_key text default '',
    request_tags jsonb default '[]',
    team_id text,
    end_user text,
    requester_ip_address text,
    messages jsonb default '{}',
    response jsonb default '{}',
    proxy_server_request jsonb default '{}',
    session_id text,
    status text,
    mcp_namespaced_tool_name text,
    organization_id text,
    agent_id text,
    request_duration_ms integer,
    litellm_call_id text
);
create index "LiteLLM_SpendLogs_startTime_idx" on "LiteLLM_SpendLogs" ("startTime");
create index "LiteLLM_SpendLogs_end_user_idx" on "LiteLLM_SpendLogs" (end_user);
create index "LiteLLM_SpendLogs_session_id_idx" on "LiteLLM_SpendLogs" (session_id);
create index "LiteLLM_SpendLogs_startTime_request_id_idx" on "LiteLLM_SpendLogs" ("startTime", request_id);

-- token is what "LiteLLM_SpendLogs".api_key holds: the SHA-256 of the virtual key.
create table "LiteLLM_VerificationToken" (
    token text not null primary key,
    key_name text,
    key_alias text,
    soft_budget_cooldown boolean not null default false,
    spend double precision not null default 0.0,
    expires timestamp(3),
    models text[],
    aliases jsonb not null default '{}',
    config jsonb not null default '{}',
    user_id text,
    team_id text,
    permissions jsonb not null default '{}',
    max_parallel_requests integer,
    metadata jsonb not null default '{}',
    blocked boolean,
    tpm_limit bigint,
    rpm_limit bigint,
    max_budget double precision,
    budget_duration text,
    budget_reset_at timestamp(3),
    allowed_cache_controls text[] default '{}',
    model_spend jsonb not null default '{}',
    model_max_budget jsonb not null default '{}',
    budget_id text,
    organization_id text,
    created_at timestamp(3) default current_timestamp,
    created_by text,
    updated_at timestamp(3) default current_timestamp,
    updated_by text
);

-- Keys are moved here when they are deleted; their rows in the spend log stay.
create table "LiteLLM_DeletedVerificationToken" (
    id text not null primary key,
    token text not null,
    key_name text,
    key_alias text,
    spend double precision not null default 0.0,
    user_id text,
    team_id text,
    metadata jsonb not null default '{}',
    organization_id text,
    created_at timestamp(3),
    deleted_at timestamp(3) not null default current_timestamp,
    deleted_by text
);
create index "LiteLLM_DeletedVerificationToken_token_idx" on "LiteLLM_DeletedVerificationToken" (token);

-- The hash that a rotated key had before, while both are accepted.
create table "LiteLLM_DeprecatedVerificationToken" (
    id text not null primary key,
    token text not null unique,
    active_token_id text not null,
    revoke_at timestamp(3) not null,
    created_at timestamp(3) not null default current_timestamp
);

create table "LiteLLM_TeamTable" (
    team_id text not null primary key,
    team_alias text,
    organization_id text,
    admins text[],
    members text[],
    members_with_roles jsonb not null default '{}',
    metadata jsonb not null default '{}',
    max_budget double precision,
    spend double precision not null default 0.0,
    models text[],
    max_parallel_requests integer,
    tpm_limit bigint,
    rpm_limit bigint,
    budget_duration text,
    budget_reset_at timestamp(3),
    blocked boolean not null default false,
    created_at timestamp(3) not null default current_timestamp,
    updated_at timestamp(3) not null default current_timestamp,
    model_spend jsonb not null default '{}',
    model_max_budget jsonb not null default '{}',
    model_id integer unique
);

-- Models added through the database rather than a configuration file: every proxy on the database serves them.
create table "LiteLLM_ProxyModelTable" (
    model_id text not null primary key,
    model_name text not null,
    litellm_params jsonb not null,
    model_info jsonb,
    created_at timestamp(3) not null default current_timestamp,
    created_by text not null,
    updated_at timestamp(3) not null default current_timestamp,
    updated_by text not null
);

-- Settings saved from the admin interface; every proxy on the database reads them.
create table "LiteLLM_Config" (
    param_name text not null primary key,
    param_value jsonb
);

create table "LiteLLM_DailyUserSpend" (
    id text not null primary key,
    user_id text,
    date text not null,
    api_key text not null,
    model text,
    model_group text,
    custom_llm_provider text,
    mcp_namespaced_tool_name text,
    endpoint text,
    prompt_tokens bigint not null default 0,
    completion_tokens bigint not null default 0,
    cache_read_input_tokens bigint not null default 0,
    cache_creation_input_tokens bigint not null default 0,
    spend double precision not null default 0.0,
    api_requests bigint not null default 0,
    successful_requests bigint not null default 0,
    failed_requests bigint not null default 0,
    created_at timestamp(3) not null default current_timestamp,
    updated_at timestamp(3) not null default current_timestamp,
    unique (user_id, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint)
);
create index "LiteLLM_DailyUserSpend_date_idx" on "LiteLLM_DailyUserSpend" (date);

create table "LiteLLM_DailyTagSpend" (
    id text not null primary key,
    request_id text,
    tag text,
    date text not null,
    api_key text not null,
    model text,
    model_group text,
    custom_llm_provider text,
    mcp_namespaced_tool_name text,
    endpoint text,
    prompt_tokens bigint not null default 0,
    completion_tokens bigint not null default 0,
    cache_read_input_tokens bigint not null default 0,
    cache_creation_input_tokens bigint not null default 0,
    spend double precision not null default 0.0,
    api_requests bigint not null default 0,
    successful_requests bigint not null default 0,
    failed_requests bigint not null default 0,
    created_at timestamp(3) not null default current_timestamp,
    updated_at timestamp(3) not null default current_timestamp,
    unique (tag, date, api_key, model, custom_llm_provider, mcp_namespaced_tool_name, endpoint)
);
create index "LiteLLM_DailyTagSpend_date_idx" on "LiteLLM_DailyTagSpend" (date);
