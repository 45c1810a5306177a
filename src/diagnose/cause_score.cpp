// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause_score.hpp"

namespace misroute {

void CauseScore::support(Weight weight, std::string sentence)
{
    m_doubt *= 1 - weight.value;
    m_for.push_back(std::move(sentence));
}

void CauseScore::contradict(Weight weight, std::string sentence)
{
    m_damping *= 1 - weight.value;
    m_against.push_back(std::move(sentence));
}

Cause CauseScore::cause(std::string_view name) const
{
    Cause cause;
    cause.cause = name;
    cause.score = value();
    cause.evidence_for = m_for;
    cause.evidence_against = m_against;
    return cause;
}

} // namespace misroute
