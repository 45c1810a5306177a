// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_report.hpp"

namespace misroute {

Report examine_cluster(Cluster cluster, Expectations const &expected, Instant now)
{
    Tally const tally;
    Examination const examination;
    Sequences const sequences;
    DatabaseModels const models;
    Report report;
    report.command = "k8s";
    report.generated_at = now;
    report.findings = detect({tally, expected, examination, sequences, models, &cluster});
    // Without rows every configured instance looks idle; only what speaks of an object comes from the manifests.
    std::erase_if(report.findings, [](Finding const &finding) { return finding.object.empty(); });
    report.notes.insert(report.notes.end(), cluster.notes.begin(), cluster.notes.end());
    report.cluster = std::move(cluster);
    return report;
}

} // namespace misroute
