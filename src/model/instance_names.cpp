// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/instance_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace misroute {

InstanceNames::InstanceNames(std::string name)
{
    if (!name.empty()) {
        add(std::move(name));
    }
}

bool InstanceNames::contains(std::string_view name) const
{
    return std::ranges::find(m_names, name) != m_names.end();
}

std::string InstanceNames::text() const
{
    return fmt::format("{}", fmt::join(m_names, "|"));
}

} // namespace misroute
