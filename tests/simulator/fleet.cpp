// SPDX-License-Identifier: Apache-2.0
#include "simulator/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace misroute::simulator {

namespace {

struct Member
{
    std::string name;
    std::string host;
    Backend backend;
};

std::array<Member, k_instances> const k_members{
    Member{"claude", "claude.goodvision.tech", {"anthropic", "api.anthropic.com", {}}},
    Member{"kelly", "llm.goodvision.tech", {"openai", "kellycloudai.com", {}}},
    Member{"yxaiapp", "ai.goodvision.tech", {"openai", "yxaiapp.com", {}}}};

constexpr Instant k_midnight = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
constexpr double k_day_ms = 24 * 3600 * 1000.0;

Instant at_part_of_day(double part)
{
    return k_midnight + std::chrono::milliseconds{std::llround(std::floor(part * k_day_ms))};
}

// The first byte of a key's hash is the number of the instance whose client it is.
bool is_home(Row const &row)
{
    auto const entered = std::stoul(row.key.key.substr(0, 2), nullptr, 16);
    return row.key.backend == backend_of(entered);
}

void label(Traffic &traffic, Row const &row, Issuer const &issuer)
{
    auto const verdict = traffic.truth.verdicts.emplace(issuer, Verdict::clean).first;
    if (row.key.reason == ExclusionReason::none && !is_home(row)) {
        verdict->second = Verdict::misrouted;
    }
}

} // namespace

std::string const &name_of(std::size_t instance)
{
    return k_members.at(instance).name;
}

std::string const &host_of(std::size_t instance)
{
    return k_members.at(instance).host;
}

Backend const &backend_of(std::size_t instance)
{
    return k_members.at(instance).backend;
}

std::string key_of(std::size_t instance, std::size_t client)
{
    return fmt::format("{:02x}{:02x}{}", instance, client, std::string(60, 'e'));
}

Expectations fleet()
{
    Expectations expected;
    for (auto const &member : k_members) {
        Instance instance;
        instance.name = member.name;
        instance.hosts = {member.host};
        instance.expect = {{member.backend.provider, member.backend.upstream}};
        instance.workload = "litellm/" + member.name + "-litellm";
        expected.instances.push_back(instance);
    }
    return expected;
}

Row row_of(Request const &request, Backend const &backend, Random &random)
{
    Row row;
    row.time = request.time;
    row.request_id = fmt::format("chatcmpl-{:012}", static_cast<std::int64_t>(random.uniform() * 1e12));
    row.key.host = host_of(request.entered);
    row.key.key = key_of(request.entered, request.client);
    row.key.backend = backend;
    row.key.model_group = "claude-opus-4-6";
    row.key.model = backend.provider + "/claude-opus-4-6";
    row.key.model_id = "id-of-" + backend.upstream;
    row.tokens = 100 + static_cast<std::int64_t>(random.uniform() * 15'000);
    row.spend_nano = backend.provider == "anthropic" ? row.tokens * 5'000 : 0;
    return row;
}

Window window_of_day()
{
    return {k_midnight, at_part_of_day(1)};
}

Instant any_time(Random &random)
{
    return at_part_of_day(random.uniform());
}

Instant some_time(Random &random)
{
    return at_part_of_day(random.between(0.3, 0.6));
}

std::vector<Request> day(Random &random, Shape const &shape, Truth const &truth)
{
    std::vector<Request> requests;
    for (std::size_t entered = 0; entered < k_instances; ++entered) {
        for (std::size_t n = 0; n < shape.requests; ++n) {
            auto const time = any_time(random);
            auto const faulty = truth.begun && *truth.begun <= time && (!truth.ended || time < *truth.ended);
            requests.push_back({time, entered, random.below(shape.clients), faulty});
        }
    }
    std::ranges::stable_sort(requests, {}, &Request::time);
    return requests;
}

void label_hosts(Traffic &traffic)
{
    for (auto const &row : traffic.rows) {
        label(traffic, row, {IssuerKind::host, row.key.host});
    }
}

void label_keys(Traffic &traffic)
{
    for (auto const &row : traffic.rows) {
        label(traffic, row, {IssuerKind::key, row.key.key.substr(0, 12)});
    }
}

} // namespace misroute::simulator
