// SPDX-License-Identifier: Apache-2.0
//
// The order of answers as one letter a request: "CKYCKYCK" shows a cycle of three at a glance.
#pragma once

#include "misroute/detect.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace misroute {

/// A letter of the strip, or a dot for an excluded request.
struct StripMark
{
    char letter = '?';
    RowClass row_class = RowClass::unknown;
};

/// Who answered, for people: the owner, else the upstream, else the provider; empty when nothing is known.
std::string answerer_of(JudgedRow const &request);

class Strip
{
public:
    /// Keeps the newest `capacity` marks.
    explicit Strip(std::size_t capacity) : m_capacity{capacity} {}

    void add(JudgedRow const &request);

    std::deque<StripMark> const &marks() const { return m_marks; }
    bool cut() const { return m_cut; }

    /// "C claude", "K kelly", …, in the order in which they first answered.
    std::vector<std::string> const &legend() const { return m_legend; }

private:
    char letter_of(std::string const &name);

    std::size_t m_capacity;
    std::deque<StripMark> m_marks;
    std::map<std::string, char> m_letters;
    std::set<char> m_taken;
    std::vector<std::string> m_legend;
    bool m_cut = false;
};

} // namespace misroute
