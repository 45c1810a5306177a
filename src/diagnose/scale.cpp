// SPDX-License-Identifier: Apache-2.0
#include "diagnose/scale.hpp"

namespace misroute {

void Scale::support(Weight weight, std::string sentence)
{
    m_doubt *= 1 - weight.value;
    m_for.push_back(std::move(sentence));
}

void Scale::contradict(Weight weight, std::string sentence)
{
    m_damping *= 1 - weight.value;
    m_against.push_back(std::move(sentence));
}

Cause Scale::cause(std::string_view name) const
{
    Cause cause;
    cause.cause = name;
    cause.score = score();
    cause.evidence_for = m_for;
    cause.evidence_against = m_against;
    return cause;
}

} // namespace misroute
