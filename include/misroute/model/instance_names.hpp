// SPDX-License-Identifier: Apache-2.0
//
// Which instances a request entered at, or may have been answered by: mostly one, several for a key that stands under
// several, none for what nobody is known to own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// Names in the order of the configuration. A name may contain anything, so only text() joins them, for reading.
class InstanceNames
{
public:
    InstanceNames() = default;
    InstanceNames(std::string name); ///< one; none when it is empty
    InstanceNames(char const *name) : InstanceNames(std::string{name}) {}

    void add(std::string name) { m_names.push_back(std::move(name)); }

    bool empty() const { return m_names.empty(); }
    bool several() const { return m_names.size() > 1; }
    bool contains(std::string_view name) const;
    /// The first of them; empty when there is none.
    std::string first() const { return empty() ? std::string{} : m_names.front(); }
    /// "claude", "a|b", or empty.
    std::string text() const;

    auto operator<=>(InstanceNames const &) const = default;
    bool operator==(InstanceNames const &) const = default;

private:
    std::vector<std::string> m_names;
};

} // namespace misroute
