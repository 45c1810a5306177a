// SPDX-License-Identifier: Apache-2.0
//
// A page of terminal text in the making: lines of styled words, cleaned and cut to the width.
#pragma once

#include "misroute/model/text.hpp"
#include "misroute/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// Colours carry nothing that words and marks do not say too.
enum class Style
{
    plain,
    good,
    bad,
    warn,
    dim,
    strong,
};

/// A run of text in one style.
struct Span
{
    std::string text;
    Style style = Style::plain;
};

class Page
{
public:
    explicit Page(RenderOptions const &options) : m_options{options} {}

    /// A line of spans after `indent` blanks; what does not fit is cut with an ellipsis.
    void line(std::size_t indent, std::vector<Span> const &spans);

    /// A sentence, wrapped; following lines are indented by `hanging` more.
    void paragraph(std::size_t indent, std::string_view text, Style style = Style::plain, std::size_t hanging = 0);

    /// Text that must stay as it is, such as a patch or a command: cleaned, but neither wrapped nor cut.
    void verbatim(std::size_t indent, std::string_view text);

    void blank();

    std::string const &text() const { return m_text; }
    std::size_t width() const { return static_cast<std::size_t>(m_options.width); }
    text::Charset charset() const { return m_options.unicode ? text::Charset::utf8 : text::Charset::ascii; }

    /// The first of the two in UTF-8, the second in ASCII.
    std::string_view either(std::string_view utf8, std::string_view ascii) const
    {
        return m_options.unicode ? utf8 : ascii;
    }

private:
    void add(Span const &span);

    RenderOptions const &m_options;
    std::string m_text;
};

} // namespace misroute
