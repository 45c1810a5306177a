// SPDX-License-Identifier: Apache-2.0
#include "investigate/probed.hpp"

#include "detect/check.hpp"
#include "detect/statistics.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace misroute {

namespace {

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

/// The instances that were entered; the others were not asked, so nothing is said of them.
std::set<std::string> entered(std::vector<ProbedUrl> const &probed, Expectations const &expected)
{
    std::set<std::string> names;
    for (auto const &one : probed) {
        if (auto const index = expected.by_host(one.host)) {
            names.insert(expected.instances[*index].name);
        }
    }
    return names;
}

void add_sentences(Report &report, std::vector<ProbedUrl> const &probed, double confidence)
{
    for (auto const &one : probed) {
        report.notes.push_back(sentence_of(one, confidence));
    }
    if (report.totals->foreign == 0) {
        report.notes.emplace_back("a probe comes from one address: a balancer that goes by client address or cookie "
                                  "shows it one pod and others another");
    }
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

CountedRows traffic_of(std::vector<ProbedUrl> const &probed, Expectations const &expected, Window const &window)
{
    CountedRows traffic;
    traffic.tally.window = window;
    traffic.tally.bucket = bucket_width(window);
    for (auto const &url : probed) {
        for (auto const &answer : url.answers) {
            traffic.rows.push_back(row_of(answer, expected));
        }
        if (!url.given_up.empty()) {
            traffic.tally.gaps.push_back({window, fmt::format("{}: {}", url.url, url.given_up)});
        }
    }
    count_rows(traffic.tally, traffic.rows);
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

std::string configuration_of(std::vector<Deployment> const &deployments)
{
    std::string name;
    for (auto const &deployment : deployments) {
        name += deployment.id.empty() ? deployment.model + ' ' + deployment.backend.text() : deployment.id;
        name += '\n';
    }
    return name;
}

namespace {

/// What the pods behind the hostnames of one instance list.
struct Listed
{
    std::set<std::string> ids;
    std::set<std::string> configurations;
    bool own = true; ///< every pod is the instance's by what it serves
};

/// What one pod listed; whether it is the instance's is told by what it serves.
void add(Listed &listed, std::vector<Deployment> const &deployments, bool own)
{
    listed.own = listed.own && own;
    listed.configurations.insert(configuration_of(deployments));
    for (auto const &deployment : deployments) {
        if (!deployment.from_database && !deployment.id.empty()) {
            listed.ids.insert(deployment.id);
        }
    }
}

std::map<std::string, Listed> listed_by_instance(std::vector<ProbedUrl> const &probed, Expectations const &expected)
{
    std::map<std::string, Listed> listed;
    for (auto const &url : probed) {
        auto const index = expected.by_host(url.host);
        for (auto const &answer : index ? url.answers : std::vector<ProbeAnswer>{}) {
            auto &of_one = listed[expected.instances[*index].name];
            auto const *representing = representative(answer.deployments, expected, answer.host);
            if (representing != nullptr) {
                add(of_one, answer.deployments, served_by(expected.instances[*index], *representing));
            }
        }
    }
    return listed;
}

} // namespace

std::map<std::string, std::set<std::string>> deployments_of(std::vector<ProbedUrl> const &probed,
                                                            Expectations const &expected)
{
    auto const listed = listed_by_instance(probed, expected);
    std::map<std::string, std::set<std::string>> deployments;
    for (auto const &[name, own] : listed) {
        auto ids = own.own && own.configurations.size() == 1 ? own.ids : std::set<std::string>{};
        for (auto const &other : listed) {
            for (auto const &id : other.first == name ? std::set<std::string>{} : other.second.ids) {
                ids.erase(id);
            }
        }
        deployments.emplace(name, std::move(ids));
    }
    return deployments;
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
    auto failures = failed == 0 ? std::string{} : fmt::format("; {} failed", text::counted(failed, "request"));
    if (probed.left_out > 0) {
        failures += fmt::format("; {} not made, for the time was over: --max-time gives more",
                                text::counted(probed.left_out, "request"));
    }
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

ProbedRows::ProbedRows(std::vector<ProbedUrl> const &probed, Expectations const &expected, Window const &window,
                       bool completions)
    : m_traffic{traffic_of(probed, expected, window)},
      m_models{database_models_of(probed)},
      m_asked{entered(probed, expected)},
      m_completions{completions}
{
}

Knowledge ProbedRows::knows() const
{
    constexpr Knowledge k_of_lists{Known::rows, Known::order, Known::upstreams, Known::hosts, Known::database};
    constexpr Knowledge k_of_completions{Known::rows,  Known::order,     Known::upstreams,
                                         Known::hosts, Known::fallbacks, Known::database};
    return m_completions ? k_of_completions : k_of_lists;
}

Report investigate_probe(std::vector<ProbedUrl> const &probed, Fleet const &fleet, ProbeRequest const &request)
{
    auto const &window = request.window;
    ProbedRows source{probed, fleet.config.expectations, window, request.completions};
    auto report = investigate(source, fleet, {window, ByOption{}, window.until, "probe"});
    if (auto const names = source.asked(); !names->empty()) {
        report.check = conclude_check(report, {request.exclude_share, request.confidence, 0, *names}, {});
        report.check->waited_seconds = std::chrono::duration_cast<std::chrono::seconds>(window.length()).count();
    }
    add_sentences(report, probed, request.confidence);
    return report;
}

} // namespace misroute
