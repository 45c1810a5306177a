// SPDX-License-Identifier: Apache-2.0
#include "misroute/investigate.hpp"

namespace misroute {

Report investigate_manifests(Cluster cluster, Config const &config, Instant now)
{
    Tally const tally;
    Examination const examination;
    Sequences const sequences;
    DatabaseModels const models;
    Report report;
    report.command = "k8s";
    report.generated_at = now;
    report.config_file = config.file;
    report.findings = detect({tally, config.expectations, examination, sequences, models, &cluster, Knowledge{}});
    suppress(report.findings, config.ignores, now);
    report.notes.insert(report.notes.end(), cluster.notes.begin(), cluster.notes.end());
    report.notes.insert(report.notes.end(), cluster.unexamined.begin(), cluster.unexamined.end());
    for (auto const &text : cluster.unparsed) {
        report.notes.push_back("nothing in " + text + " could be parsed: what it says is not known");
    }
    if (cluster.services.empty() && cluster.workloads.empty()) {
        report.notes.emplace_back("no Service and no workload in the input: nothing was examined");
    }
    report.cluster = std::move(cluster);
    return report;
}

} // namespace misroute
