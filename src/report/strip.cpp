// SPDX-License-Identifier: Apache-2.0
#include "report/strip.hpp"

#include "misroute/model/text.hpp"

namespace misroute {

namespace {

/// Columns of a name in the legend.
constexpr std::size_t k_name = 24;

constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

char capital(char byte)
{
    return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}

} // namespace

std::string answerer_of(JudgedRow const &request)
{
    auto const &backend = request.row.key.backend;
    return !request.judged.owner.empty() ? request.judged.owner.text()
           : !backend.stamp.empty()      ? backend.stamp
           : !backend.upstream.empty()   ? backend.upstream
                                         : backend.provider;
}

void Strip::add(JudgedRow const &request)
{
    auto const row_class = request.judged.row_class;
    auto const name = answerer_of(request);
    auto const letter = row_class == RowClass::excluded ? '.' : name.empty() ? '?' : letter_of(name);
    m_marks.push_back({letter, row_class});
    if (m_marks.size() > m_capacity) {
        m_marks.pop_front();
        m_cut = true;
    }
}

// The first free letter of the name, else of the alphabet; once all are taken everybody else is '?', and nothing more
// is remembered of them.
char Strip::letter_of(std::string const &name)
{
    if (auto const found = m_letters.find(name); found != m_letters.end()) {
        return found->second;
    }
    for (auto const byte : name + std::string{k_alphabet}) {
        auto const letter = capital(byte);
        if (k_alphabet.find(letter) != std::string_view::npos && m_taken.insert(letter).second) {
            m_letters.emplace(name, letter);
            m_legend.push_back(std::string{letter} + ' ' + text::fit(text::printable(name), k_name));
            return letter;
        }
    }
    return '?';
}

} // namespace misroute
