// SPDX-License-Identifier: Apache-2.0
//
// How evidence becomes a score. Each item has a weight in 0…1; supporting items add up like independent chances to be
// right, contradicting ones damp the sum: score = (1 − ∏(1 − for)) · ∏(1 − against). More support never lowers a score,
// more contradiction never raises it, and no single item gives certainty. The score orders causes; it is no
// probability.
#pragma once

#include "misroute/model/finding.hpp"

#include <string>

namespace misroute {

/// One item of evidence in the table of docs/detection.md.
struct Weight
{
    double value = 0;
};

class CauseScore
{
public:
    void support(Weight weight, std::string sentence);
    void contradict(Weight weight, std::string sentence);

    /// A sentence without weight: worth reading, proves nothing.
    void mention(std::string sentence) { m_for.push_back(std::move(sentence)); }

    double value() const { return (1 - m_doubt) * m_damping; }
    bool supported() const { return m_doubt < 1; }

    /// The cause with score and evidence, in the order in which it was weighed.
    Cause cause(std::string_view name) const;

private:
    double m_doubt = 1;
    double m_damping = 1;
    std::vector<std::string> m_for;
    std::vector<std::string> m_against;
};

} // namespace misroute
