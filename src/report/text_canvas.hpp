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

/// Narrower than this nothing can be laid out; such a page overflows its terminal.
inline constexpr std::size_t k_narrowest_canvas = 40;

class TextCanvas
{
public:
    explicit TextCanvas(RenderOptions const &options) : m_options{options} {}

    /// A line of spans after `indent` blanks; what does not fit is cut with an ellipsis.
    void line(std::size_t indent, std::vector<Span> const &spans);

    /// A sentence, wrapped; following lines are indented by `hanging` more.
    void paragraph(std::size_t indent, std::string_view sentence, Style style = Style::plain, std::size_t hanging = 0);

    /// Parts side by side, `separator` between them, broken only between parts while each fits into a line; the lines
    /// after the first are indented by `hanging` more. Empty parts are left out.
    void flow(std::size_t indent, std::size_t hanging, std::vector<Span> const &parts,
              std::string_view separator = "  ");

    /// A wrapped sentence to the right of a label of `columns` columns; lines after the first stand under the sentence.
    void labelled(std::size_t indent, std::string_view label, std::size_t columns, std::string_view sentence);

    /// Text that must stay as it is, such as a patch or a command: cleaned, but neither wrapped nor, short of what
    /// nobody types, cut.
    void verbatim(std::size_t indent, std::string_view block);

    /// A name made printable and cut.
    std::string name(std::string_view text, std::size_t columns) const;

    void blank();

    std::string const &text() const { return m_text; }
    std::size_t width() const
    {
        return m_options.width < static_cast<int>(k_narrowest_canvas) ? k_narrowest_canvas
                                                                      : static_cast<std::size_t>(m_options.width);
    }
    bool verbose() const { return m_options.verbose; }
    Zone const &zone() const { return m_options.zone; }
    int exit_code() const { return m_options.exit_code; }
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
