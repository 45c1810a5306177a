// SPDX-License-Identifier: Apache-2.0
#include "report/text_canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace misroute {

namespace {

constexpr std::array<std::string_view, 6> k_sgr{"", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[1m"};

/// Names of ten thousand letters must not push the verdict off the screen.
constexpr std::size_t k_longest_paragraph = 1000;
constexpr std::size_t k_longest_command = 1000;

} // namespace

void TextCanvas::add(Span const &span)
{
    if (span.text.empty()) {
        return;
    }
    auto const sgr = m_options.color ? k_sgr.at(static_cast<std::size_t>(span.style)) : std::string_view{};
    m_text += sgr.empty() ? span.text : fmt::format("{}{}\x1b[0m", sgr, span.text);
}

void TextCanvas::line(std::size_t indent, std::vector<Span> const &spans)
{
    m_text.append(indent, ' ');
    std::size_t room = width() - std::min(width(), indent);
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

void TextCanvas::paragraph(std::size_t indent, std::string_view sentence, Style style, std::size_t hanging)
{
    auto const printable = text::fit(text::printable(sentence, charset()), k_longest_paragraph, charset());
    bool first = true;
    std::size_t const narrowest = indent + hanging;
    for (auto const &part : text::wrapped(printable, width() - narrowest)) {
        line(first ? indent : narrowest, {{part, style}});
        first = false;
    }
}

void TextCanvas::verbatim(std::size_t indent, std::string_view block)
{
    for (auto const &part : text::printable_lines(block, charset())) {
        m_text.append(part.empty() ? 0 : indent, ' ');
        m_text += text::fit(part, k_longest_command, charset()) + '\n';
    }
}

void TextCanvas::flow(std::size_t indent, std::size_t hanging, std::vector<Span> const &parts,
                      std::string_view separator)
{
    auto const between = text::printable(separator, charset());
    std::vector<Span> row;
    std::size_t used = indent;
    auto const end_row = [&] {
        if (!row.empty()) {
            line(indent, row);
            indent += std::exchange(hanging, 0);
        }
        row.clear();
        used = indent;
    };
    for (auto const &part : parts) {
        auto const shown = text::printable(part.text, charset());
        auto const columns = text::width(shown);
        if (!row.empty() && used + text::width(between) + columns > width()) {
            end_row();
        }
        if (row.empty() && used + columns > width()) {
            paragraph(indent, shown, part.style, hanging);
            indent += std::exchange(hanging, 0);
            used = indent;
        } else if (!shown.empty()) {
            used += columns + (row.empty() ? 0 : text::width(between));
            if (!row.empty()) {
                row.push_back({between, Style::dim});
            }
            row.push_back({shown, part.style});
        }
    }
    end_row();
}

void TextCanvas::labelled(std::size_t indent, std::string_view label, std::size_t columns, std::string_view sentence)
{
    auto const printable = text::fit(text::printable(sentence, charset()), k_longest_paragraph, charset());
    auto const room = width() - std::min(width() - 2, indent + columns);
    bool first = true;
    for (auto const &part : text::wrapped(printable, room)) {
        line(indent, {{text::padded(first ? label : "", columns), Style::dim}, {part}});
        first = false;
    }
}

std::string TextCanvas::name(std::string_view text, std::size_t columns) const
{
    return text::fit(text::printable(text, charset()), columns, charset());
}

void TextCanvas::blank()
{
    if (!m_text.empty() && !m_text.ends_with("\n\n")) {
        m_text += '\n';
    }
}

} // namespace misroute
