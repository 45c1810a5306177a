// SPDX-License-Identifier: Apache-2.0
//
// The answers of a probe in the shape of a log, so that the same rules, intervals and words apply to both.
#pragma once

#include "investigate/memory_rows.hpp"
#include "misroute/investigate.hpp"
#include "misroute/model/probe.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// Answers as rows, in their order, and the tally of them. A request without an answer is a row excluded as a failure.
CountedRows traffic_of(std::vector<ProbedUrl> const &probed, Expectations const &expected, Window const &window);

/// The one deployment that stands for a pod that entered at `host`. A pod belongs to the instance that serves most of
/// its deployments, since a fallback to another instance's upstream stands in many a model_list; of several such
/// instances to the one entered at, if it is among them. What stands for the pod is the backend it has most of, among
/// those that only its instance explains. Nothing for a pod without deployments.
Deployment const *representative(std::vector<Deployment> const &deployments, Expectations const &expected,
                                 std::string_view host);

/// The models that the database adds, as far as the pods say so themselves. Whether it adds none is not known from
/// them.
DatabaseModels database_models_of(std::vector<ProbedUrl> const &probed);

/// Names the configuration of a pod: equal for pods whose deployments have the same ids.
std::string configuration_of(std::vector<Deployment> const &deployments);

/// How many pods of different configuration were met behind the hostname of a URL, and which share of the requests a
/// further one could get without having been seen. 1 − alpha^(1/n), see share_excluded_by().
std::string sentence_of(ProbedUrl const &probed, double confidence);

/// The ids of each instance that was entered, as its own pods list them: those that the database does not add and no
/// other instance lists. None for an instance whose hostnames led to pods of several configurations, or to somebody
/// else's.
std::map<std::string, std::set<std::string>> deployments_of(std::vector<ProbedUrl> const &probed,
                                                            Expectations const &expected);

/// Answers as a source of rows. All lie within moments, and only the instances that were entered were asked.
class ProbedRows final : public RowSource
{
public:
    /// `completions`: a model answered, and not the pod's list of deployments, from which nothing can fall back.
    ProbedRows(std::vector<ProbedUrl> const &probed, Expectations const &expected, Window const &window,
               bool completions);

    Knowledge knows() const override;
    Asked asked() const override { return m_asked; }
    Tally tally(Window const & /*window*/, std::optional<ByOption> const & /*by*/) override { return m_traffic.tally; }
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override { return page_of(m_traffic, query, by); }
    DatabaseModels models() override { return m_models; }

private:
    CountedRows m_traffic;
    DatabaseModels m_models;
    std::set<std::string> m_asked;
    bool m_completions;
};

struct ProbeRequest
{
    Window window; ///< from the first request to the last answer
    bool completions = false;
    double exclude_share = 0.10; ///< see CheckPlan
    double confidence = 0.95;
};

/// The report of `misroute probe`, with the verdict of `check` on the instances that were entered.
Report investigate_probe(std::vector<ProbedUrl> const &probed, Fleet const &fleet, ProbeRequest const &request);

} // namespace misroute
