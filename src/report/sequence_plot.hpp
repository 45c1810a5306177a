// SPDX-License-Identifier: Apache-2.0
//
// The order of answers as one letter a request: "CKYCKYCK" shows a cycle of three at a glance. The letters are those of
// the dispatch, which are known when all requests were read.
#pragma once

#include "misroute/detect.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace misroute {

/// A letter of the plot, a dot for an excluded request, a question mark where nobody can tell.
struct SequenceMark
{
    char letter = '?';
    RowClass row_class = RowClass::unknown;
};

class SequencePlot
{
public:
    /// Keeps the newest `capacity` requests.
    explicit SequencePlot(std::size_t capacity) : m_capacity{capacity} {}

    void add(JudgedRow const &request);

    std::vector<SequenceMark> marks(std::map<std::string, char> const &letters) const;

    /// "C claude", "K kelly", …: of the requests kept, in the order in which they first answered.
    std::vector<std::string> legend(std::map<std::string, char> const &letters) const;

    bool cut() const { return m_cut; }

private:
    struct Answer
    {
        std::string by;
        RowClass row_class;
    };

    std::size_t m_capacity;
    std::deque<Answer> m_answers;
    bool m_cut = false;
};

} // namespace misroute
