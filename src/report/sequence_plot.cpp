// SPDX-License-Identifier: Apache-2.0
#include "report/sequence_plot.hpp"

#include "detect/answered_by.hpp"
#include "misroute/model/text.hpp"

#include <algorithm>
#include <set>

namespace misroute {

namespace {

/// Columns of a name in the legend.
constexpr std::size_t k_name_in_legend = 24;

char letter_of(std::string const &name, std::map<std::string, char> const &letters)
{
    auto const found = letters.find(name);
    return found == letters.end() ? '?' : found->second;
}

} // namespace

void SequencePlot::add(JudgedRow const &request)
{
    m_answers.push_back({answered_by(request.row.key, request.judged), request.judged.row_class});
    if (m_answers.size() > m_capacity) {
        m_answers.pop_front();
        m_cut = true;
    }
}

std::vector<SequenceMark> SequencePlot::marks(std::map<std::string, char> const &letters) const
{
    std::vector<SequenceMark> marks;
    for (auto const &[by, row_class] : m_answers) {
        marks.push_back({row_class == RowClass::excluded ? '.' : letter_of(by, letters), row_class});
    }
    return marks;
}

std::vector<std::string> SequencePlot::legend(std::map<std::string, char> const &letters) const
{
    std::vector<std::string> legend;
    std::set<std::string> seen;
    for (auto const &[by, row_class] : m_answers) {
        auto const letter = letter_of(by, letters);
        if (letter != '?' && seen.insert(by).second) {
            legend.push_back(std::string{letter} + ' ' + text::fit(text::printable(by), k_name_in_legend));
        }
    }
    auto const has = [&](char letter) {
        auto const all = marks(letters);
        return std::ranges::find(all, letter, &SequenceMark::letter) != all.end();
    };
    if (has('.')) {
        legend.emplace_back(". set aside");
    }
    if (has('?')) {
        legend.emplace_back("? not told");
    }
    return legend;
}

} // namespace misroute
