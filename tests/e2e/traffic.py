#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Calls the proxies as real clients do, with the vendors' own SDKs, and notes what was sent.

usage: traffic.py PHASE          the phases are the functions in PHASES below

From the environment: E2E_FAULTY and E2E_FIXED (the gateways), E2E_MODEL, E2E_MASTER_KEY, E2E_WORK (keys.json,
sent.jsonl and phases.jsonl are written there).
"""
import json
import os
import sys
import time
from pathlib import Path

import anthropic
import httpx
import openai

INSTANCES = ("claude", "kelly", "yxaiapp")
HOSTS = {"claude": "claude.goodvision.tech", "kelly": "llm.goodvision.tech", "yxaiapp": "ai.goodvision.tech",
         **{name: f"{name}.goodvision.tech" for name in ("birch", "oak", "ash")}}
KEYS = {"claude": "jms-test", "kelly": "kelly-app", "yxaiapp": "yxaiapp-app", "shared": "shared-app",
        **{name: f"{name}-app" for name in ("birch", "oak", "ash")}}
TWIN_MODELS = ("copied", "by-environment", "without-key", "by-credential", "given-id")
ROUNDS = {"faulty": 24, "stamped": 6, "fixed": 36, "shared": 12}

WORK = Path(os.environ["E2E_WORK"])
FAULTY, FIXED = os.environ["E2E_FAULTY"], os.environ["E2E_FIXED"]
MODEL = os.environ["E2E_MODEL"]
MASTER_KEY = os.environ["E2E_MASTER_KEY"]
NEW = os.environ["E2E_VERSION"] == "new"


class Client:
    """One SDK pair for one hostname and one key; every call is noted in sent.jsonl."""

    def __init__(self, phase, instance, key):
        self.phase, self.instance, self.key = phase, instance, key
        secret = MASTER_KEY if key == "master" else json.loads((WORK / "keys.json").read_text()).get(key, key)
        gateway = FAULTY if phase in ("faulty", "stamped", "mixed") else FIXED
        headers = {"host": HOSTS[instance]}
        common = {"api_key": secret, "max_retries": 0, "timeout": 30, "default_headers": headers}
        self.openai = openai.OpenAI(base_url=f"{gateway}/v1", **common)
        self.anthropic = anthropic.Anthropic(base_url=gateway, **common)
        self.http = httpx.Client(base_url=gateway, timeout=30,
                                 headers={**headers, "authorization": f"Bearer {secret}"})

    def send(self, kind, model=MODEL, text=None, **extra):
        text = text or f"{self.phase} {kind} {time.time_ns()}"
        note = {"phase": self.phase, "instance": self.instance, "host": HOSTS[self.instance], "key": self.key,
                "kind": kind, "model": model, "time": time.time(), "status": 200}
        try:
            note.update(KINDS[kind](self, model, text, extra))
        except (openai.APIStatusError, anthropic.APIStatusError) as error:
            note.update(status=error.status_code, **marks(error.response.headers))
        with (WORK / "sent.jsonl").open("a") as file:
            file.write(json.dumps(note) + "\n")
        return note


def marks(headers):
    return {"call_id": headers.get("x-litellm-call-id"), "api_base": headers.get("x-litellm-model-api-base"),
            "model_id": headers.get("x-litellm-model-id"), "version": headers.get("x-litellm-version")}


def user(text):
    return [{"role": "user", "content": text}]


def chat(client, model, text, extra):
    raw = client.openai.chat.completions.with_raw_response.create(model=model, messages=user(text), **extra)
    return {**marks(raw.headers), "id": raw.parse().id}


def chat_stream(client, model, text, extra):
    raw = client.openai.chat.completions.with_raw_response.create(model=model, messages=user(text), stream=True,
                                                                  **extra)
    return {**marks(raw.headers), "id": [chunk.id for chunk in raw.parse()][-1]}


def responses(client, model, text, extra):
    raw = client.openai.responses.with_raw_response.create(model=model, input=text, **extra)
    return {**marks(raw.headers), "id": raw.parse().id}


def responses_stream(client, model, text, extra):
    raw = client.openai.responses.with_raw_response.create(model=model, input=text, stream=True, **extra)
    return {**marks(raw.headers), "id": [event for event in raw.parse()][-1].response.id}


def embeddings(client, model, text, extra):
    raw = client.openai.embeddings.with_raw_response.create(model=model, input=[text], encoding_format="float",
                                                            **extra)
    raw.parse()
    return marks(raw.headers)


def messages(client, model, text, extra):
    raw = client.anthropic.messages.with_raw_response.create(model=model, messages=user(text), max_tokens=64, **extra)
    return {**marks(raw.headers), "id": raw.parse().id}


def messages_stream(client, model, text, extra):
    raw = client.anthropic.messages.with_raw_response.create(model=model, messages=user(text), max_tokens=64,
                                                             stream=True, **extra)
    return {**marks(raw.headers), "id": [event for event in raw.parse()][0].message.id}


def pass_through(client, model, text, _):
    reply = client.http.post("/anthropic/v1/messages",
                             json={"model": model, "max_tokens": 64, "messages": user(text)})
    return {**marks(reply.headers), "status": reply.status_code}


def pass_through_routed(client, model, text, _):
    """The vendor's own path, but the model is one of the model list."""
    reply = client.http.post("/vllm/v1/chat/completions", json={"model": model, "messages": user(text)})
    return {**marks(reply.headers), "status": reply.status_code}


def image(client, model, text, _):
    raw = client.openai.images.with_raw_response.generate(model=model, prompt=text)
    return marks(raw.headers)


def moderation(client, model, text, _):
    raw = client.openai.moderations.with_raw_response.create(model=model, input=text)
    return marks(raw.headers)


def search(client, model, text, _):
    reply = client.http.post(f"/v1/search/{model}", json={"query": text})
    return {**marks(reply.headers), "status": reply.status_code}


def health(client, *_):
    return {"status": client.http.get("/health").status_code}


KINDS = {"chat": chat, "chat-stream": chat_stream, "responses": responses, "responses-stream": responses_stream,
         "embeddings": embeddings, "messages": messages, "messages-stream": messages_stream,
         "pass-through": pass_through, "pass-through-routed": pass_through_routed, "image": image,
         "moderation": moderation, "search": search, "health": health}
EVERYDAY = ["chat", "chat-stream", "messages", "messages-stream"]


def keys():
    """Virtual keys, made by LiteLLM itself."""
    made = {}
    admin = {"authorization": f"Bearer {MASTER_KEY}", "host": HOSTS["claude"]}
    for alias in KEYS.values():
        reply = httpx.post(f"{FIXED}/key/generate", json={"key_alias": alias, "user_id": "e2e"}, timeout=30,
                           headers=admin)
        reply.raise_for_status()
        made[alias] = reply.json()["key"]
    (WORK / "keys.json").write_text(json.dumps(made))


def everyday(phase, model=MODEL, key=None):
    clients = [Client(phase, name, key or KEYS[name]) for name in INSTANCES]
    for turn in range(ROUNDS[phase]):
        for client in clients:
            note = client.send(EVERYDAY[turn % len(EVERYDAY)], model)
            if note["status"] != 200:
                sys.exit(f"traffic: an everyday request failed: {note}\nthe logs of the proxies say why")


def faulty():
    everyday("faulty")


def stamped():
    """The deployments of stamped-* carry the tag instance:<name>."""
    everyday("stamped", f"stamped-{MODEL}")


def fixed():
    everyday("fixed")


def shared():
    """One key on three hostnames, each hostname on its own instance: nothing is wrong."""
    everyday("shared", key=KEYS["shared"])


def odd():
    """Everything that is not an everyday request."""
    claude, kelly = (Client("odd", name, KEYS[name]) for name in ("claude", "kelly"))
    for kind in ("responses", "responses-stream", "embeddings"):
        kelly.send(kind)
    for kind in ("responses", "responses-stream"):
        claude.send(kind)
    for kind in ("chat", "messages", "responses", "embeddings"):
        kelly.send(kind, "broken-model")
    for kind in ("chat", "chat-stream", "messages", "messages-stream"):
        claude.send(kind, "broken-model")
    for client in (claude, kelly):
        for kind in ("chat", "chat"):
            client.send(kind, text="the same words twice", extra_body={"cache": {"use-cache": True}})
        client.send("chat", f"anthropic/{MODEL}")
    for kind in ("chat", "chat-stream", "messages", "messages-stream", "responses"):
        claude.send(kind, "flaky-model")
    claude.send("pass-through")
    claude.send("pass-through", "broken-model")
    claude.send("chat", extra_headers={"x-litellm-trace-id": "e2e-trace",
                                       "user-agent": "claude-cli/2.1.3 (external, cli)"})
    Client("odd", "claude", "sk-nobody-knows").send("chat")
    master = Client("odd", "claude", "master")
    master.send("chat")
    master.send("health")


def must(note):
    if note["status"] != 200:
        sys.exit(f"traffic: this request must not fail: {note}\nthe logs of the proxies say why")


def borrowed():
    """birch answers from its own upstream, and falls back to claude's by an entry of its own."""
    birch = Client("borrowed", "birch", KEYS["birch"])
    for kind in EVERYDAY * 6:
        must(birch.send(kind))
    for kind in (*EVERYDAY, "responses"):
        must(birch.send(kind, "flaky-model"))


def routed():
    """What birch decides by itself without a failure: an alias, an even share of two deployments, a router."""
    birch = Client("routed", "birch", KEYS["birch"])
    for kind in EVERYDAY:
        must(birch.send(kind, "nickname"))
    for _ in range(12):
        must(birch.send("chat", "balanced"))
    if NEW:
        for kind in EVERYDAY:
            must(birch.send(kind, "chooser"))


def other():
    """Calls that are neither chat nor messages."""
    birch = Client("other", "birch", KEYS["birch"])
    for kind, model in (("embeddings", MODEL), ("image", "picture"), ("moderation", "judge"),
                        ("search", "birch-search"), ("pass-through-routed", "passed-on")):
        birch.send(kind, model)


def twins(phase, models, rounds):
    clients = [Client(phase, name, KEYS[name]) for name in ("oak", "ash")]
    for turn in range(rounds):
        for client in clients:
            for model in models:
                must(client.send(EVERYDAY[turn % len(EVERYDAY)], model))


def apart():
    """oak and ash on one upstream, each with a key of its own for it."""
    twins("apart", [MODEL], 24)


def mixed():
    """The same behind the faulty gateway."""
    twins("mixed", [MODEL], 24)


def copied():
    """Entries that are the same in both, or nearly."""
    twins("copied", TWIN_MODELS, 4)


def rotated():
    """After a restart of oak with another key for its upstream."""
    twins("rotated", [MODEL, *TWIN_MODELS], 4)


PHASES = {f.__name__: f for f in (keys, faulty, stamped, fixed, shared, odd, borrowed, routed, other, apart, mixed,
                                  copied, rotated)}

if __name__ == "__main__":
    since = time.time()
    PHASES[sys.argv[1]]()
    with (WORK / "phases.jsonl").open("a") as file:
        file.write(json.dumps({"phase": sys.argv[1], "since": since, "until": time.time()}) + "\n")
