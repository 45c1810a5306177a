-- reason.sql — why a row tells nothing about routing, or '' when it does: the expression :reason of tally.sql, rows.sql.
--
-- Order of decision as in docs/litellm-rows.md; words as in the report. LiteLLM writes cache_hit as Python's str(bool).
-- A row with a deployment was routed, whatever its call type. Without one, only calls that a model list serves are
-- judged: searches, moderation, assistants, fine-tuning and the like go to a vendor that no model list names.
case
    when cache_hit in ('True', 'true') then 'cache-hit'
    when :status = 'failure' then 'failure'
    when api_key = 'litellm-internal-health-check' or team_id = 'litellm-internal-health-check' then 'health-check'
    when model_id <> '' then ''
    when call_type in ('acompletion', 'completion', 'anthropic_messages', 'aresponses', 'aembedding', 'responses',
                       'embedding', 'atext_completion', 'text_completion', 'aimage_generation', 'image_generation',
                       'aimage_edit', 'image_edit', 'aimage_variation', 'image_variation', 'atranscription',
                       'transcription', 'aspeech', 'speech', 'arerank', 'rerank', '_arealtime', 'agenerate_content',
                       'generate_content', 'agenerate_content_stream', 'generate_content_stream', 'aocr', 'ocr',
                       'avideo_generation', 'video_generation', 'acreate_video', 'create_video', '') then ''
    when call_type in ('pass_through_endpoint', 'allm_passthrough_route', 'llm_passthrough_route') then 'pass-through'
    when call_type in ('call_mcp_tool', 'list_mcp_tools') then 'mcp'
    when call_type in ('asend_message', 'send_message', 'asend_message_streaming') then 'a2a'
    when call_type in ('acreate_batch', 'create_batch', 'aretrieve_batch', 'retrieve_batch', 'alist_batches',
                       'list_batches', 'acancel_batch', 'cancel_batch', 'acreate_file', 'create_file', 'afile_retrieve',
                       'file_retrieve', 'afile_delete', 'file_delete', 'afile_list', 'file_list', 'afile_content',
                       'file_content', 'avector_store_create', 'vector_store_create', 'avector_store_search',
                       'vector_store_search', 'avector_store_file_create', 'vector_store_file_create',
                       'avector_store_file_list', 'vector_store_file_list', 'avector_store_file_retrieve',
                       'vector_store_file_retrieve', 'avector_store_file_content', 'vector_store_file_content',
                       'avector_store_file_update', 'vector_store_file_update', 'avector_store_file_delete',
                       'vector_store_file_delete') then 'batch'
    else 'other-call'
end
