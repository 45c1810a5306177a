// SPDX-License-Identifier: Apache-2.0
#include "report/page.hpp"

#include <fmt/format.h>

#include <array>

namespace misroute {

namespace {

constexpr std::array<std::string_view, 6> k_sgr{"", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[1m"};

} // namespace

void Page::add(Span const &span)
{
    auto const sgr = m_options.color ? k_sgr.at(static_cast<std::size_t>(span.style)) : std::string_view{};
    m_text += sgr.empty() ? span.text : fmt::format("{}{}\x1b[0m", sgr, span.text);
}

void Page::line(std::size_t indent, std::vector<Span> const &spans)
{
    m_text.append(indent, ' ');
    std::size_t room = width() - indent;
    for (auto const &span : spans) {
        auto const printable = text::printable(span.text, charset());
        auto const fitting = text::fit(printable, room, charset());
        add({fitting, span.style});
        room -= text::width(fitting);
        if (room == 0) {
            break;
        }
    }
    while (m_text.ends_with(' ')) {
        m_text.pop_back();
    }
    m_text += '\n';
}

void Page::paragraph(std::size_t indent, std::string_view sentence, Style style, std::size_t hanging)
{
    auto const printable = text::printable(sentence, charset());
    bool first = true;
    std::size_t const narrowest = indent + hanging;
    for (auto const &part : text::wrapped(printable, width() - narrowest)) {
        line(first ? indent : narrowest, {{part, style}});
        first = false;
    }
}

void Page::verbatim(std::size_t indent, std::string_view block)
{
    for (auto const &part : text::printable_lines(block, charset())) {
        m_text.append(part.empty() ? 0 : indent, ' ');
        m_text += part + '\n';
    }
}

void Page::blank()
{
    if (!m_text.empty() && !m_text.ends_with("\n\n")) {
        m_text += '\n';
    }
}

} // namespace misroute
