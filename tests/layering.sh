#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/layering.sh [ROOT]
#
# Holds every #include of src/ and include/ against the table of layers in ARCHITECTURE.md, and keeps input and output
# out of the stages that are pure. Prints file:line and the rule that is broken; exits 1 when there is any.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}" || exit 2

mapfile -t files < <(find include src -name '*.hpp' -o -name '*.cpp' | LC_ALL=C sort)
[[ ${#files[@]} -gt 0 ]] || { echo "layering: no sources in $PWD" >&2 && exit 2; }

awk '
BEGIN {
    # Stage, the stages it may include beside itself, and the third parties it may include.
    layer("model",    "",                      "fmt utf8proc")
    layer("detect",   "model",                 "fmt boost")
    layer("diagnose", "model detect",          "fmt boost")
    layer("report",   "model detect diagnose", "fmt nlohmann openssl pugixml")
    layer("source",   "model config",          "fmt pqxx libpq openssl nlohmann sqlite")
    layer("config",   "model",                 "fmt yaml-cpp")
    layer("k8s",      "model",                 "fmt yaml-cpp nlohmann")
    layer("probe",    "model",                 "fmt curl nlohmann")
    layer("investigate", "model detect diagnose config k8s", "fmt")
    layer("cli",      "model detect diagnose report source config k8s probe investigate", "fmt CLI spdlog")

    # Third party, and what its headers are called.
    vendor("boost", "^boost/")
    vendor("CLI", "^CLI/")
    vendor("curl", "^curl/")
    vendor("fmt", "^fmt/")
    vendor("libpq", "^(libpq|postgres_ext|pg_config)")
    vendor("nlohmann", "^nlohmann/")
    vendor("openssl", "^openssl/")
    vendor("pqxx", "^pqxx(/|$)")
    vendor("pugixml", "^pugi(xml|config)\\.hpp$")
    vendor("spdlog", "^spdlog/")
    vendor("sqlite", "^(SQLiteCpp/|sqlite3)")
    vendor("utf8proc", "^utf8proc")
    vendor("yaml-cpp", "^yaml-cpp/")

    # Third parties that one place hides from the rest of its stage.
    only_in("pqxx",  "^src/source/pg_session\\.[ch]pp$", "src/source/pg_session.{hpp,cpp}")
    only_in("curl",  "^src/probe/http\\.cpp$", "src/probe/http.cpp")
    only_in("CLI", "^src/cli/(arguments|command_line|help|outline)\\.cpp$", "src/cli/{arguments,command_line,help,outline}.cpp")
    only_in("spdlog", "^src/cli/log\\.cpp$", "src/cli/log.cpp")
    only_in("pugixml", "^src/report/(junit|markup)\\.cpp$", "src/report/{junit,markup}.cpp")
    only_in("openssl", "^src/(source/.*|report/html_policy)\\.[ch]pp$", "src/source/ and src/report/html_policy.cpp")
    only_in("sqlite", "^src/source/slice_cache\\.cpp$", "src/source/slice_cache.cpp")
    only_in("libpq", "^src/source/pg_session\\.[ch]pp$", "src/source/pg_session.{hpp,cpp}")

    # Stages that return values and strings: no files, no terminal, no clock, no environment, no threads.
    split("model detect diagnose report investigate", list, " ")
    for (i in list) pure[list[i]] = 1
    impure_header = "^(iostream|fstream|filesystem|cstdio|stdio\\.h|syncstream|thread|future|csignal|.*\\.h)$"
    impure_call = "(std::(cout|cerr|clog|cin|o?fstream|ifstream|getenv|system|puts|fputs|fwrite|fopen)" \
        "|(^|[^a-z_])(v?f?printf|fopen|fputs|fwrite|getenv|system) *\\(|fmt::print" \
        "|(system|steady|high_resolution)_clock::now)"
}

function layer(stage, stages, vendors,    i, list) {
    known[stage] = 1
    allowed[stage, stage] = 1
    for (i = split(stages, list, " "); i > 0; --i) allowed[stage, list[i]] = 1
    for (i = split(vendors, list, " "); i > 0; --i) uses[stage, list[i]] = 1
}
function vendor(name, pattern) { headers[name] = pattern }
function only_in(name, pattern, text) { home[name] = pattern; home_text[name] = text }

function vendor_of(header,    name) {
    for (name in headers) if (header ~ headers[name]) return name
    return ""
}
# The stage a path below src/ or include/misroute/ belongs to: its folder, or the name of the public header. The version
# is known to all.
function stage_of(path,    part) {
    split(path, part, "/")
    sub(/\.hpp$/, "", part[1])
    return part[1] == "version" ? "model" : part[1]
}
function broken(rule) {
    printf "%s:%d: %s\n", FILENAME, FNR, rule
    found++
}

FNR == 1 {
    path = FILENAME
    sub(/^(src|include\/misroute)\//, "", path)
    stage = stage_of(path)
    in_comment = 0
    if (!(stage in known)) broken("\"" stage "\" is no stage of the architecture")
}

{
    # Comments do not count. A line that only looks like one inside a string loses its rest, which hides nothing here.
    line = $0
    if (in_comment) {
        if (!sub(/^.*\*\//, "", line)) next
        in_comment = 0
    }
    gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
    sub(/\/\/.*/, "", line)
    if (sub(/\/\*.*/, "", line)) in_comment = 1
}

line ~ /^[ \t]*#[ \t]*include[ \t]*"/ {
    header = line
    sub(/^[^"]*"/, "", header)
    sub(/".*/, "", header)
    target = header
    sub(/^misroute\//, "", target)
    if (target !~ /\//  && header !~ /^misroute\//)
        broken("\"" header "\" must be named from src/ or include/: \"" stage "/" header "\"")
    else if (!(stage_of(target) in known))
        broken("\"" header "\" belongs to no stage of the architecture")
    else if (!((stage, stage_of(target)) in allowed))
        broken(stage " must not include " stage_of(target) " (\"" header "\")")
    next
}

line ~ /^[ \t]*#[ \t]*include[ \t]*</ {
    header = line
    sub(/^[^<]*</, "", header)
    sub(/>.*/, "", header)
    name = vendor_of(header)
    if (name != "" && !((stage, name) in uses)) broken(stage " must not include " name " (<" header ">)")
    else if (name != "" && name in home && FILENAME !~ home[name])
        broken("only " home_text[name] " may include " name " (<" header ">)")
    else if (name == "" && header ~ /\// && header !~ /^(sys|net|netinet|arpa)\//)
        broken("<" header "> is of no library that the architecture names")
    else if (name == "" && stage in pure && header ~ impure_header) broken(stage " is pure: it must not include <" header ">")
    next
}

stage in pure && line ~ impure_call { broken(stage " is pure: no input, output, clock or environment") }

END { exit found > 0 }
' "${files[@]}"
