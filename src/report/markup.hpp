// SPDX-License-Identifier: Apache-2.0
//
// A page of HTML in the making, as a tree: markup cannot break, because nothing is ever put together from strings.
// Every text that goes in is made printable, with keys masked, and cut.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace pugi {
class xml_document;
struct xml_node_struct;
} // namespace pugi

namespace misroute {

/// XML has no way to write U+FFFE and U+FFFF; all other characters that it lacks are gone from printable texts.
std::string legal_xml(std::string text);

/// A handle of an element; copies are the same element. Valid as long as its document.
class Element
{
public:
    explicit Element(pugi::xml_node_struct *node) : m_node{node} {}

    /// A new last child. `classes` may be empty.
    Element add(char const *tag, std::string_view classes = {}) const;
    Element set(char const *attribute, std::string_view value) const;
    /// A value of ours that holds no name and may be long: the steps of a path.
    Element set_verbatim(char const *attribute, std::string const &value) const;
    /// With one decimal at most.
    Element set(char const *attribute, double value) const;

    /// One line of text behind what is there.
    Element say(std::string_view text) const;
    Element say(std::string_view text, std::size_t columns) const;
    /// Text of several lines, for <pre>.
    Element block(std::string_view text) const;
    /// Text of ours that must stay as it is: style and script. It may contain none of < > &.
    Element verbatim(std::string_view text) const;

    /// A child with a text, for short.
    Element add_text(char const *tag, std::string_view text, std::string_view classes = {}) const
    {
        return add(tag, classes).say(text);
    }

private:
    pugi::xml_node_struct *m_node;
};

class HtmlDocument
{
public:
    HtmlDocument();
    ~HtmlDocument();
    HtmlDocument(HtmlDocument const &) = delete;
    HtmlDocument &operator=(HtmlDocument const &) = delete;

    Element root() const; ///< <html>
    std::string text() const;

private:
    std::unique_ptr<pugi::xml_document> m_document;
};

} // namespace misroute
