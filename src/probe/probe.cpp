// SPDX-License-Identifier: Apache-2.0
#include "misroute/probe.hpp"

#include "misroute/model/error.hpp"
#include "misroute/model/litellm.hpp"
#include "probe/answers.hpp"
#include "probe/http.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace misroute {

namespace {

constexpr std::string_view k_deployments = "/v1/model/info";
constexpr std::string_view k_completions = "/v1/chat/completions";
constexpr std::string_view k_alive = "/health/liveliness";
constexpr int k_most_failures = 3; ///< in a row, from the first request on: nothing will change
constexpr std::size_t k_most_request_id = 200;
constexpr std::size_t k_most_name = 512; ///< bytes of an id, a model, a host; longer ones are somebody's joke
constexpr std::size_t k_most_reason = 500;

enum Status : long
{
    ok = 200,
    unauthorized = 401,
    forbidden = 403,
    not_found = 404,
};

std::string header(HttpReply const &reply, char const *name)
{
    auto const found = reply.headers.find(name);
    return found == reply.headers.end() ? std::string{} : found->second;
}

char lower_case(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// The text, cut to `most` bytes, without the key: whoever answers may put it where a report shows it. Hostnames are in
/// lower case.
std::string without_key(std::string const &text, std::string const &key, std::size_t most)
{
    std::string result;
    auto const same = [](char left, char right) { return lower_case(left) == lower_case(right); };
    for (auto from = text.begin(); result.size() < most;) {
        auto const found = key.empty() ? text.end() : std::search(from, text.end(), key.begin(), key.end(), same);
        result.append(from, found);
        if (found == text.end()) {
            break;
        }
        result += "***";
        from = found + static_cast<std::ptrdiff_t>(key.size());
    }
    result.resize(std::min(result.size(), most));
    return result;
}

void remove_key(Deployment &deployment, std::string const &key)
{
    auto &backend = deployment.backend;
    for (auto *text : {&deployment.id, &deployment.model, &backend.provider, &backend.upstream, &backend.stamp}) {
        *text = without_key(*text, key, k_most_name);
    }
}

std::string completion_body(std::string const &model)
{
    return nlohmann::json{{"model", model},
                          {"max_tokens", 1},
                          {"messages", nlohmann::json::array({{{"role", "user"}, {"content", "ping"}}})}}
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The requests to one URL, and what they have taught so far.
class Prober
{
public:
    Prober(std::string url, ProbeOptions const &options) : m_options{options}, m_url{std::move(url)}
    {
        while (m_url.ends_with('/')) {
            m_url.pop_back();
        }
    }

    ProbedUrl run();

private:
    HttpReply ask(std::string_view path, std::string const &body = {}) const;
    bool over() const { return m_options.left && m_options.left() <= Milliseconds{0}; }
    void run_out(ProbedUrl &probed, bool answered) const;
    ProbeAnswer one(long &status);
    void list_deployments(ProbeAnswer &answer, HttpReply const &reply);
    void complete(ProbeAnswer &answer);
    void name_backends(std::vector<ProbeAnswer> &answers) const;
    void give_up(ProbedUrl &probed, long status) const;

    ProbeOptions const &m_options;
    std::string m_url;
    std::map<std::string, Deployment> m_known; ///< by id, from every pod that has listed its own
};

HttpReply Prober::ask(std::string_view path, std::string const &body) const
{
    auto const left = m_options.left ? m_options.left() : m_options.timeout;
    auto const timeout = std::clamp(left, Milliseconds{1}, m_options.timeout);
    auto reply = fetch({m_url + std::string{path}, body, m_options.key},
                       {timeout, m_options.ca_file, m_options.resolve, m_options.stop});
    if (m_options.stop.stop_requested()) {
        throw Error{"interrupted", {}, {}};
    }
    return reply;
}

std::string failure(HttpReply const &reply, std::string_view path)
{
    return reply.status == 0 ? reply.error : fmt::format("HTTP {} from {}", reply.status, path);
}

void Prober::list_deployments(ProbeAnswer &answer, HttpReply const &reply)
{
    if (reply.status != Status::ok) {
        answer.error = failure(reply, k_deployments);
    } else if (auto deployments = read_model_info(reply.body, m_options.instance_tag)) {
        answer.deployments = std::move(*deployments);
        answer.error = answer.deployments.empty() ? "the pod lists no deployment for this key" : "";
        for (auto const &deployment : answer.deployments) {
            m_known.emplace(deployment.id, deployment);
        }
    } else {
        answer.error = fmt::format("{} answers, but not as LiteLLM does", k_deployments);
    }
}

void Prober::complete(ProbeAnswer &answer)
{
    auto const reply = ask(k_completions, completion_body(m_options.completion));
    auto const deployment =
        reply.status == Status::ok ? read_completion(reply.headers, m_options.completion) : std::nullopt;
    answer.request_id = header(reply, "x-litellm-call-id");
    answer.deployments.clear();
    answer.error = deployment ? ""
                   : reply.status != Status::ok
                       ? failure(reply, k_completions)
                       : "the answer has neither x-litellm-model-id nor x-litellm-model-api-base";
    if (deployment) {
        answer.deployments = {*deployment};
    }
}

/// A completion tells the deployment's id; what that is, its pod may have listed before or after.
void Prober::name_backends(std::vector<ProbeAnswer> &answers) const
{
    for (auto &answer : answers) {
        for (auto &deployment : answer.deployments) {
            auto const known = m_known.find(deployment.id);
            if (known != m_known.end()) {
                deployment.backend = known->second.backend;
            }
        }
    }
}

ProbeAnswer Prober::one(long &status)
{
    ProbeAnswer answer;
    answer.time = m_options.now();
    answer.host = probe_host(m_url);
    auto const reply = ask(k_deployments);
    status = reply.status;
    answer.request_id = header(reply, "x-litellm-call-id");
    list_deployments(answer, reply);
    if (!m_options.completion.empty() && status != 0 && status != Status::unauthorized) {
        complete(answer);
    }
    return answer;
}

void Prober::give_up(ProbedUrl &probed, long status) const
{
    probed.given_up = probed.answers.back().error;
    if (status == 0) {
        probed.next =
            "look at the name, the port, the certificate (--cacert) and the network, or give the address with "
            "--resolve HOST:PORT:ADDRESS";
        return;
    }
    bool const alive = ask(k_alive).status == Status::ok;
    if (status == Status::unauthorized || status == Status::forbidden) {
        probed.next = m_options.key.empty() ? "put a virtual key in MISROUTE_KEY or in a file for --key-file"
                                            : "the key is not accepted there: give one that may call /v1/model/info";
    } else {
        probed.next = alive ? "LiteLLM is alive there but does not list its deployments; try --completion MODEL"
                            : "is this LiteLLM? A base path belongs into the URL: https://host/litellm";
    }
}

/// What was learned before the time was over is kept: fewer answers exclude less, and the sentence says how much.
void Prober::run_out(ProbedUrl &probed, bool answered) const
{
    auto const made = static_cast<int>(probed.answers.size());
    if (answered) {
        probed.left_out = m_options.requests - made;
        return;
    }
    probed.given_up = made == 0 ? "the time of the probe was over before its turn"
                                : fmt::format("no answer before the time was over; {}", probed.answers.back().error);
    probed.next = "give the probe more time with --max-time, or each request less with --timeout";
}

ProbedUrl Prober::run()
{
    ProbedUrl probed{m_url, probe_host(m_url), {}, {}, {}, 0};
    bool answered = false;
    for (int request = 0; request < m_options.requests; ++request) {
        if (over()) {
            run_out(probed, answered);
            break;
        }
        long status = 0;
        probed.answers.push_back(one(status));
        answered = answered || probed.answers.back().error.empty();
        bool const refused =
            status == Status::unauthorized || status == Status::forbidden || status == Status::not_found;
        if (!answered && ((refused && m_options.completion.empty()) ||
                          request + 1 == std::min(k_most_failures, m_options.requests))) {
            give_up(probed, status);
            break;
        }
    }
    if (!m_options.completion.empty()) {
        name_backends(probed.answers);
    }
    probed.given_up = without_key(probed.given_up, m_options.key, k_most_reason);
    for (auto &answer : probed.answers) {
        answer.request_id = without_key(answer.request_id, m_options.key, k_most_request_id);
        answer.error = without_key(answer.error, m_options.key, k_most_reason);
        for (auto &deployment : answer.deployments) {
            remove_key(deployment, m_options.key);
        }
    }
    return probed;
}

} // namespace

std::string probe_url(std::string const &given)
{
    auto url = given.find("://") == std::string::npos ? "https://" + given : given;
    UrlParts parts;
    if (!split_url(url, parts)) {
        throw Error{fmt::format("no URL of a web server: \"{}\"", given), {}, "write https://claude.goodvision.tech"};
    }
    if (parts.credentials) {
        throw Error{"a URL must not carry a password", {}, "put the key in MISROUTE_KEY or in a file for --key-file"};
    }
    return url;
}

std::string probe_host(std::string const &url)
{
    UrlParts parts;
    split_url(url, parts);
    return litellm::normal_host(parts.host);
}

ProbedUrl probe(std::string const &url, ProbeOptions const &options)
{
    return Prober{url, options}.run();
}

} // namespace misroute
