-- reason.sql — why a row tells nothing about routing, or '' when it does: the expression :reason of tally.sql, rows.sql.
--
-- Order of decision as in docs/litellm-rows.md; words as in the report. LiteLLM writes cache_hit as Python's str(bool).
case
    when cache_hit in ('True', 'true') then 'cache-hit'
    when :status = 'failure' then 'failure'
    when api_key = 'litellm-internal-health-check' or team_id = 'litellm-internal-health-check' then 'health-check'
    when call_type in ('acompletion', 'completion', 'anthropic_messages', 'aresponses', 'aembedding') then ''
    when call_type in ('pass_through_endpoint', 'allm_passthrough_route', 'llm_passthrough_route') then 'pass-through'
    when call_type in ('call_mcp_tool', 'list_mcp_tools') then 'mcp'
    when call_type in ('asend_message', 'send_message', 'asend_message_streaming') then 'a2a'
    when call_type in ('acreate_batch', 'create_batch', 'aretrieve_batch', 'retrieve_batch', 'alist_batches',
                       'list_batches', 'acancel_batch', 'cancel_batch', 'acreate_file', 'create_file', 'afile_retrieve',
                       'file_retrieve', 'afile_delete', 'file_delete', 'afile_list', 'file_list', 'afile_content',
                       'file_content', 'avector_store_create', 'vector_store_create', 'avector_store_search',
                       'vector_store_search', 'avector_store_file_create', 'vector_store_file_create') then 'batch'
    else ''
end
