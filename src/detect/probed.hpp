// SPDX-License-Identifier: Apache-2.0
//
// The answers of a probe in the shape of a log, so that the same rules, intervals and words apply to both.
#pragma once

#include "misroute/detect.hpp"
#include "misroute/model/probe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// Answers as rows, in their order, and the tally of them. A request without an answer is a row excluded as a failure.
struct ProbedTraffic
{
    Tally tally;
    std::vector<Row> rows;
};
ProbedTraffic traffic_of(std::vector<ProbedUrl> const &probed, Expectations const &expected, Window const &window);

/// The one deployment that stands for a pod that entered at `host`. A pod belongs to the instance that serves most of
/// its deployments, since a fallback to another instance's upstream stands in many a model_list; of several such
/// instances to the one entered at, if it is among them. What stands for the pod is the backend it has most of, among
/// those that only its instance explains. Nothing for a pod without deployments.
Deployment const *representative(std::vector<Deployment> const &deployments, Expectations const &expected,
                                 std::string_view host);

/// The models that the database adds, as far as the pods say so themselves. Whether it adds none is not known from
/// them.
DatabaseModels database_models_of(std::vector<ProbedUrl> const &probed);

/// The rows of every issuer of the examination, oldest first, judged.
Sequences sequences_of(ProbedTraffic const &traffic, Examination const &examination, Expectations const &expected);

/// Names the configuration of a pod: equal for pods whose deployments have the same ids.
std::string configuration_of(std::vector<Deployment> const &deployments);

/// How many pods of different configuration were met behind the hostname of a URL, and which share of the requests a
/// further one could get without having been seen. 1 − alpha^(1/n), see share_excluded_by().
std::string sentence_of(ProbedUrl const &probed, double confidence);

} // namespace misroute
