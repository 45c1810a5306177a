-- SPDX-License-Identifier: Apache-2.0
select add_incident();
insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, created_by, updated_by) select encode(sha256('kellycloudai.com'), 'hex'), '*', '{}', 'admin', 'admin';
