#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No secret of a known shape is in anything that misroute writes: secrets_test.py MISROUTE [--update]

Puts a key of every kind into hostnames, aliases, models, deployments, tags, request ids and addresses of a spend log of
its own, and into manifests; runs every command in every format; and makes the table of docs/security.md, which must be
the one that stands there (--update writes it). Needs the server of script/test.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BINARY = str(pathlib.Path(sys.argv[1]).resolve())
ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/security.md"
BEGIN, END = "<!-- secrets: made by tests/scripts/secrets_test.py -->\n", "<!-- /secrets -->\n"
BODY = "q7Zk3Xw9Lm2Rt5Vb8Nc4"  # in no word of a report
JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6.eyJzdWIiOiJxN1prM1h3.q7Zk3Xw9Lm2Rt5Vb8Nc4"
# What it is, and how one looks.
SECRETS = {
    "LiteLLM, OpenAI `sk-`": f"sk-{BODY}A",
    "OpenAI `sk-proj-`": f"sk-proj-{BODY}B",
    "Google `AIza`": f"AIzaSyD{BODY}{BODY[:12]}C",
    "Groq `gsk_`": f"gsk_{BODY}D",
    "xAI `xai-`": f"xai-{BODY}E",
    "GitHub `ghp_`": f"ghp_{BODY}F",
    "GitHub `github_pat_`": f"github_pat_{BODY}G",
    "AWS `AKIA`": f"AKIA{BODY[:15].upper()}H",
    "JWT `eyJ`": f"{JWT}I",
    "`Bearer`": f"Bearer {BODY}J",
    "Hugging Face `hf_`": f"hf_{BODY}K",
    "GitLab `glpat-`": f"glpat-{BODY}L",
    "Slack `xoxb-`": f"xoxb-{BODY}M",
    "Perplexity `pplx-`": f"pplx-{BODY}N",
    "NVIDIA `nvapi-`": f"nvapi-{BODY}O",
    "Stripe `sk_live_`": f"sk_live_{BODY}P",
    "percent-encoded `sk%2D`": f"sk%2D{BODY}Q",
    "glued `tokensk-`": f"tokensk-{BODY}R",
}
REPORTS = ("table", "json", "markdown", "html", "csv", "junit", "sarif", "github", "nagios", "prometheus")
TRACES = ("table", "json", "csv", "markdown", "html")
CONFIG = """instances:
  claude: {hosts: ["*"], expect: [{provider: anthropic, upstream: api.anthropic.com}]}
"""


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def rows():
    """A host, a key, models and deployments that are called like each secret; half of the answers are another's."""
    for secret in SECRETS.values():
        more = {"model_group": secret, "request_tags": [f"User-Agent: {secret}", f"host: {secret}.example", f"team: {secret}"],
                "model_id": secret, "end_user": secret, "team_id": secret, "user": secret}
        yield (f'insert into "LiteLLM_VerificationToken" (token, key_alias) values '
               f"(encode(sha256({quoted(secret)}::bytea), 'hex'), {quoted(secret)});")
        for number in range(4):
            provider, upstream = ("anthropic", "api.anthropic.com") if number % 2 else ("openai", f"{secret}.example")
            base = f"https://{secret}:{secret}@{upstream}/v1/{secret}?key={secret};token={secret}"
            row = json.dumps(more | {"request_id": f"{secret}-{number}", "model": f"{provider}/{secret}", "api_base": base})
            yield (f"select add_row(timestamp '2026-11-22 20:00:00' + interval '{number} min', {quoted(secret)}, "
                   f"{quoted(secret)}, '{provider}', '{upstream}', 100, {number % 2} * 0.01, 'm', {quoted(row)}::jsonb);")


def manifest(secret):
    name = json.dumps(secret)
    return f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {name}, labels: {{instance: {name}}}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: litellm, image: litellm, env: [{{name: LITELLM_MASTER_KEY, value: {name}}}],
            volumeMounts: [{{name: c, mountPath: /app}}]}}], volumes: [{{name: c, configMap: {{name: {name}}}}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {name}}}
data:
  config.yaml: |
    model_list: [{{model_name: "*", litellm_params: {{model: openai/*, api_key: {name}, api_base: {json.dumps("https://" + secret + ".example/" + secret)}}}}}]
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {name}}}
spec: {{selector: {{app: {name}, other: {name}}}, ports: [{{port: 80}}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: i, namespace: {name}}}
spec: {{rules: [{{host: {json.dumps(secret + ".example")}, http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: {name}, port: {{number: 80}}}}}}}}]}}}}]}}
---
"""


def outputs(folder, environment):
    """(column, text of stdout and stderr) of every command and format."""
    def run(column, *arguments):
        done = subprocess.run([BINARY, *arguments], cwd=folder, env=environment, capture_output=True, check=False)
        if done.returncode not in (0, 1, 2 if column == "nagios" else 3, 3):
            sys.exit(f"{arguments}: exit {done.returncode}: {done.stderr.decode()}")
        return column, (done.stdout + done.stderr).decode()

    now = ("--now", "2026-11-22T20:30:00Z")
    for form in REPORTS:
        yield run(form, "scan", "-c", "fleet.yaml", *now, "-vv", "--format", form)
        yield run(form, "scan", "--by", "key", *now, "--format", form)
        yield run(form, "k8s", "all.yaml", "-v", "--format", form)
    for form in TRACES:
        yield run("trace", "trace", "-c", "fleet.yaml", *now, "claude", "--limit", "0", "--format", form)
    yield run("init", "init", *now)
    yield run("init", "init", "--manifests", "all.yaml")
    yield run("doctor", "doctor", "-c", "fleet.yaml", *now)


def forms_of(secret):
    """What of a secret must never be seen: itself, its body, and the body in lower case as hostnames have it."""
    body = re.sub(r"^(Bearer |[a-z]+_pat_|sk_live_|sk-proj-|tokensk-|[A-Za-z]+%2D|[a-z]+[-_]|AKIA|AIza|eyJ)", "", secret)
    return {body[:10].lower(), body[-10:].lower()}


def table(seen):
    columns = [*REPORTS, "trace", "init", "doctor"]
    lines = ["| key | " + " | ".join(columns) + " |", "| --- |" + " :-: |" * len(columns)]
    for kind, secret in SECRETS.items():
        cells = ["**shown**" if any(form in seen[column].lower() for form in forms_of(secret)) else "no" for column in columns]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def measured():
    database = f"misroute_test_secrets_{os.getpid()}"
    psql = ["psql", "-qX", "-v", "ON_ERROR_STOP=1"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MISROUTE_")}
        environment |= {"PGDATABASE": database, "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder,
                        "XDG_CACHE_HOME": folder, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        environment.pop("DATABASE_URL", None)
        pathlib.Path(folder, "fleet.yaml").write_text(CONFIG)
        pathlib.Path(folder, "all.yaml").write_text("".join(manifest(secret) for secret in SECRETS.values()))
        pathlib.Path(folder, "rows.sql").write_text("\n".join(rows()))
        subprocess.run([*psql, "-d", "postgres", "-c", f"create database {database}"], check=True)
        try:
            for file in (ROOT / "sql/demo/01_schema.sql", ROOT / "tests/db/rows.sql", pathlib.Path(folder, "rows.sql")):
                subprocess.run([*psql, "-d", database, "-f", str(file)], check=True, stdout=subprocess.DEVNULL)
            seen = {}
            for column, text in outputs(folder, environment):
                seen[column] = seen.get(column, "") + text
        finally:
            subprocess.run([*psql, "-d", "postgres", "-c", f"drop database {database} with (force)"], check=True)
    masks = sum(text.count("***") for text in seen.values())
    if masks < 500:
        sys.exit(f"only {masks} masks: the names did not get into the reports, and nothing is proven")
    return seen


def main():
    seen = measured()
    made = table(seen)
    if "**shown**" in made:
        for kind, secret in SECRETS.items():
            for column, text in seen.items():
                for form in forms_of(secret):
                    at = text.lower().find(form)
                    if at >= 0:
                        print(f"{kind} in {column}: …{text[max(at - 80, 0):at + 60]!r}")
        sys.exit(1)
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    old, _, after = rest.partition(END)
    if sys.argv[2:] == ["--update"]:
        PAGE.write_text(before + BEGIN + "\n" + made + "\n" + END + after)
    elif old.strip() != made.strip():
        sys.exit("docs/security.md has another table of secrets: run tests/scripts/secrets_test.py MISROUTE --update")
    print(f"{len(SECRETS)} kinds of secrets, {len(seen)} outputs: none is shown")


if __name__ == "__main__":
    main()
