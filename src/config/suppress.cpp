// SPDX-License-Identifier: Apache-2.0
//
// `ignore` of the configuration against findings.
#include "misroute/config.hpp"

#include <algorithm>

namespace misroute {

namespace {

bool accepts(Ignore const &ignore, Finding const &finding, Instant now)
{
    bool const current = !ignore.until || now < *ignore.until;
    return current && (ignore.rule == "*" || ignore.rule == to_string(finding.rule)) &&
           glob_match(ignore.issuer, finding.issuer);
}

} // namespace

void suppress(std::vector<Finding> &findings, std::vector<Ignore> const &ignores, Instant now)
{
    for (auto &finding : findings) {
        auto const found = std::find_if(ignores.begin(), ignores.end(),
                                        [&](Ignore const &ignore) { return accepts(ignore, finding, now); });
        if (found != ignores.end()) {
            finding.suppressed = Suppression{found->reason, found->until_text};
        }
    }
}

} // namespace misroute
