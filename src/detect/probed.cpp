// SPDX-License-Identifier: Apache-2.0
#include "detect/probed.hpp"

#include "detect/statistics.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace misroute {

namespace {

constexpr std::size_t k_most_evidence = 50;

/// The deployment whose backend is the most frequent among those admitted; the first of equals.
Deployment const *most_frequent(std::vector<Deployment> const &deployments,
                                std::function<bool(Deployment const &)> const &admitted)
{
    std::map<Backend, std::int64_t> counts;
    for (auto const &deployment : deployments) {
        counts[deployment.backend] += admitted(deployment) ? 1 : 0;
    }
    Deployment const *best = nullptr;
    for (auto const &deployment : deployments) {
        auto const count = counts[deployment.backend];
        if (count > 0 && (best == nullptr || count > counts[best->backend])) {
            best = &deployment;
        }
    }
    return best;
}

bool served_by(Instance const &instance, Deployment const &deployment)
{
    auto const &stamp = deployment.backend.stamp;
    return stamp.empty() ? serves(instance, deployment.backend) : stamp == instance.name;
}

/// The instances that serve most of these deployments, by index; empty when none serves any.
std::vector<std::size_t> likely_instances(std::vector<Deployment> const &deployments, Expectations const &expected)
{
    std::vector<std::size_t> likely;
    std::ptrdiff_t most = 1;
    for (std::size_t index = 0; index < expected.instances.size(); ++index) {
        auto const count = std::ranges::count_if(deployments, [&](Deployment const &deployment) {
            return served_by(expected.instances[index], deployment);
        });
        if (count > most) {
            likely.clear();
        }
        if (count >= most) {
            most = count;
            likely.push_back(index);
        }
    }
    return likely;
}

Row row_of(ProbeAnswer const &answer, Expectations const &expected)
{
    Row row;
    row.time = answer.time;
    row.request_id = answer.request_id;
    row.key.host = answer.host;
    if (auto const *deployment = representative(answer.deployments, expected, answer.host)) {
        row.key.backend = deployment->backend;
        row.key.model = deployment->model;
        row.key.model_id = deployment->id;
    }
    if (!answer.error.empty()) {
        row.key.reason = ExclusionReason::failure;
    }
    return row;
}

} // namespace

Deployment const *representative(std::vector<Deployment> const &deployments, Expectations const &expected,
                                 std::string_view host)
{
    auto const likely = likely_instances(deployments, expected);
    auto const entered = expected.by_host(host);
    bool const at_home = entered && std::ranges::find(likely, *entered) != likely.end();
    auto const by_owner = [&](Deployment const &deployment) {
        return std::ranges::any_of(likely,
                                   [&](std::size_t index) { return served_by(expected.instances[index], deployment); });
    };
    auto const telling = [&](Deployment const &deployment) {
        bool const at_entrance = entered && served_by(expected.instances[*entered], deployment);
        return at_home ? at_entrance : by_owner(deployment) && !at_entrance;
    };
    auto const *found = most_frequent(deployments, telling);
    return found != nullptr ? found : most_frequent(deployments, [](Deployment const &) { return true; });
}

ProbedTraffic traffic_of(std::vector<ProbedUrl> const &probed, Expectations const &expected, Window const &window)
{
    ProbedTraffic traffic;
    traffic.tally.window = window;
    traffic.tally.bucket = bucket_width(window);
    for (auto const &url : probed) {
        for (auto const &answer : url.answers) {
            auto row = row_of(answer, expected);
            Sums const one{.requests = 1, .first = row.time, .last = row.time};
            traffic.tally.cells[row.key].add(bucket_of(row.time, traffic.tally.bucket), one);
            traffic.rows.push_back(std::move(row));
        }
        if (!url.given_up.empty()) {
            traffic.tally.gaps.push_back({window, fmt::format("{}: {}", url.url, url.given_up)});
        }
    }
    return traffic;
}

DatabaseModels database_models_of(std::vector<ProbedUrl> const &probed)
{
    DatabaseModels models;
    auto const note = [&](Deployment const &deployment) {
        if (deployment.from_database) {
            models.model_ids.insert(deployment.id);
        }
    };
    for (auto const &url : probed) {
        for (auto const &answer : url.answers) {
            std::ranges::for_each(answer.deployments, note);
        }
    }
    models.models = static_cast<std::int64_t>(models.model_ids.size());
    models.readable = models.models > 0;
    return models;
}

Sequences sequences_of(ProbedTraffic const &traffic, Examination const &examination, Expectations const &expected)
{
    Sequences sequences;
    for (auto const &issuer : suspects(examination)) {
        auto &sequence = sequences[issuer];
        for (auto const &row : traffic.rows) {
            if (issuer_of(traffic.tally, row.key, examination.by) != issuer) {
                continue;
            }
            sequence.newest.push_back(judge(expected, traffic.tally, row));
            auto const row_class = sequence.newest.back().judged.row_class;
            if ((row_class == RowClass::foreign || row_class == RowClass::unassigned) &&
                sequence.foreign.size() < k_most_evidence) {
                sequence.foreign.push_back(sequence.newest.back());
            }
        }
    }
    return sequences;
}

std::string configuration_of(std::vector<Deployment> const &deployments)
{
    std::string name;
    for (auto const &deployment : deployments) {
        name += deployment.id.empty() ? deployment.model + ' ' + deployment.backend.text() : deployment.id;
        name += '\n';
    }
    return name;
}

std::string sentence_of(ProbedUrl const &probed, double confidence)
{
    std::set<std::string> configurations;
    std::int64_t answers = 0;
    for (auto const &answer : probed.answers) {
        if (answer.error.empty()) {
            configurations.insert(configuration_of(answer.deployments));
            ++answers;
        }
    }
    auto const failed = static_cast<std::int64_t>(probed.answers.size()) - answers;
    auto const failures = failed == 0 ? "" : fmt::format("; {} failed", text::counted(failed, "request"));
    if (answers == 0) {
        return fmt::format("{}: no answer{}", probed.host, failures);
    }
    auto const met = static_cast<std::int64_t>(configurations.size());
    return fmt::format("{}: {} on connections of their own met {}; another one that gets more than {:.3g} % of the "
                       "connections would have been seen with {:.3g} % confidence{}",
                       probed.host, text::counted(answers, "request"),
                       met == 1 ? "pods of one configuration" : fmt::format("pods of {} different configurations", met),
                       share_excluded_by(static_cast<double>(answers), 1 - confidence) * 100, confidence * 100,
                       failures);
}

} // namespace misroute
