#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the vendors: the OpenAI and Anthropic wire formats and Tavily's search, on loopback.

usage: upstream.py PORT ADDRESS...

Every address is one vendor. A model whose name contains "broken" is refused with 400, "flaky" fails
with 500 (LiteLLM falls back on that), everything else gets a short answer with token counts.
"""
import itertools
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = ["four ", "short ", "words ", "back"]
PROMPT_TOKENS, ANSWER_TOKENS = 120, 8
serial = itertools.count(1)


def chat(model, ident):
    base = {"id": f"chatcmpl-{ident}", "created": 1700000000, "model": model}
    usage = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": ANSWER_TOKENS,
             "total_tokens": PROMPT_TOKENS + ANSWER_TOKENS}
    message = {"role": "assistant", "content": "".join(ANSWER)}
    whole = {**base, "object": "chat.completion", "usage": usage,
             "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
    chunk = {**base, "object": "chat.completion.chunk"}
    parts = [{**chunk, "choices": [{"index": 0, "delta": {"role": "assistant", "content": word},
                                    "finish_reason": None}]} for word in ANSWER]
    parts.append({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    parts.append({**chunk, "choices": [], "usage": usage})
    return whole, [(None, part) for part in parts] + [(None, "[DONE]")]


def responses(model, ident):
    text = "".join(ANSWER)
    item = {"id": f"msg_{ident}", "type": "message", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": text, "annotations": []}]}
    whole = {"id": f"resp_{ident}", "object": "response", "created_at": 1700000000, "status": "completed",
             "model": model, "output": [item], "error": None, "incomplete_details": None, "instructions": None,
             "metadata": {}, "parallel_tool_calls": True, "temperature": 1.0, "tool_choice": "auto", "tools": [],
             "top_p": 1.0,
             "usage": {"input_tokens": PROMPT_TOKENS, "input_tokens_details": {"cached_tokens": 0},
                       "output_tokens": ANSWER_TOKENS, "output_tokens_details": {"reasoning_tokens": 0},
                       "total_tokens": PROMPT_TOKENS + ANSWER_TOKENS}}
    started = {**whole, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    part = item["content"][0]
    events = [
        {"type": "response.created", "response": started},
        {"type": "response.output_item.added", "output_index": 0,
         "item": {**item, "status": "in_progress", "content": []}},
        {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
        *({"type": "response.output_text.delta", **place, "delta": word, "logprobs": []} for word in ANSWER),
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    return whole, [(event["type"], {**event, "sequence_number": n}) for n, event in enumerate(events)]


def messages(model, ident):
    usage = {"input_tokens": PROMPT_TOKENS, "output_tokens": ANSWER_TOKENS,
             "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    whole = {"id": f"msg_{ident}", "type": "message", "role": "assistant", "model": model,
             "content": [{"type": "text", "text": "".join(ANSWER)}],
             "stop_reason": "end_turn", "stop_sequence": None, "usage": usage}
    started = {**whole, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    events = [
        {"type": "message_start", "message": started},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}
          for word in ANSWER),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
         "usage": {"output_tokens": ANSWER_TOKENS}},
        {"type": "message_stop"},
    ]
    return whole, [(event["type"], event) for event in events]


def embeddings(model, _):
    return {"object": "list", "model": model,
            "data": [{"object": "embedding", "index": 0, "embedding": [0.25, 0.5, 0.75]}],
            "usage": {"prompt_tokens": PROMPT_TOKENS, "total_tokens": PROMPT_TOKENS}}, []


def pictures(*_):
    return {"created": 1700000000, "data": [{"url": "http://pictures.invalid/1.png"}]}, []


def moderations(model, ident):
    return {"id": f"modr-{ident}", "model": model,
            "results": [{"flagged": False, "categories": {}, "category_scores": {},
                         "category_applied_input_types": {}}]}, []


def search(*_):
    return {"query": "", "results": [{"title": "one", "url": "http://found.invalid/", "content": "found"}]}, []


ROUTES = {"/v1/chat/completions": chat, "/v1/responses": responses,
          "/v1/messages": messages, "/v1/embeddings": embeddings,
          "/v1/images/generations": pictures, "/v1/moderations": moderations, "/search": search}


class Vendor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])) or "{}")
        route = ROUTES.get(self.path.split("?")[0])
        model = body.get("model", "")
        if route is None:
            return self.reply(404, error("not_found_error", f"no such route: {self.path}"))
        if "broken" in model:
            return self.reply(400, error("invalid_request_error", f"the model {model} is broken"))
        if "flaky" in model:
            return self.reply(500, error("api_error", f"the model {model} is overloaded"))
        whole, events = route(model, f"{self.server.server_address[0].replace('.', '')}x{next(serial):06}")
        if body.get("stream"):
            return self.stream(events)
        return self.reply(200, whole)

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, events):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for name, event in events:
            head = f"event: {name}\n" if name else ""
            data = event if isinstance(event, str) else json.dumps(event)
            self.wfile.write(f"{head}data: {data}\n\n".encode())
        self.close_connection = True

    def log_message(self, *_):
        pass


def error(kind, message):
    return {"type": "error", "error": {"type": kind, "message": message, "code": None, "param": None}}


def main():
    port, *addresses = sys.argv[1:]
    servers = [ThreadingHTTPServer((address, int(port)), Vendor) for address in addresses]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    main()
