// SPDX-License-Identifier: Apache-2.0
#include "k8s/parse.hpp"
#include "misroute/k8s.hpp"

#include <algorithm>

namespace misroute {

namespace {

void keep_newest(std::optional<Instant> &newest, std::string const &text)
{
    // parse_instant would also take "5m": a moment of the past has to be written out.
    if (text.find('T') == std::string::npos) {
        return;
    }
    if (auto const at = parse_instant(text, Instant{})) {
        newest = newest ? std::max(*newest, *at) : *at;
    }
}

void read_rollout(k8s::Value const &object, std::optional<Instant> &newest)
{
    auto const &annotations = object["spec"]["template"]["metadata"]["annotations"];
    keep_newest(newest, k8s::text_of(annotations["kubectl.kubernetes.io/restartedAt"]));
    for (auto const &condition : object["status"]["conditions"].items) {
        if (k8s::text_of(condition["type"]) == "Progressing") {
            keep_newest(newest, k8s::text_of(condition["lastUpdateTime"]));
        }
    }
}

} // namespace

std::optional<Instant> newest_rollout(std::vector<ManifestText> const &texts)
{
    std::optional<Instant> newest;
    for (auto const &text : texts) {
        k8s::parse_documents(text.text, [&](k8s::Value &&object) { read_rollout(object, newest); });
    }
    return newest;
}

} // namespace misroute
