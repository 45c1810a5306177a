// SPDX-License-Identifier: Apache-2.0
#include "report/markup.hpp"

#include "report/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <sstream>

namespace misroute {

namespace {

void append(pugi::xml_node node, std::string const &text)
{
    node.append_child(pugi::node_pcdata).set_value(text.c_str());
}

/// HTML knows elements that have no end tag, and no others may lack one.
bool is_void(std::string_view tag)
{
    constexpr std::array<std::string_view, 4> k_void{"meta", "br", "hr", "input"};
    return std::ranges::find(k_void, tag) != k_void.end();
}

void close_empty_elements(pugi::xml_node node)
{
    if (node.type() == pugi::node_element && !node.first_child() && !is_void(node.name())) {
        append(node, "");
    }
    for (auto child : node.children()) {
        close_empty_elements(child);
    }
}

} // namespace

std::string legal_xml(std::string text)
{
    for (std::string_view const noncharacter : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
        for (auto at = text.find(noncharacter); at != std::string::npos; at = text.find(noncharacter, at)) {
            text.replace(at, noncharacter.size(), "\xef\xbf\xbd");
        }
    }
    return text;
}

Element Element::add(char const *tag, std::string_view classes) const
{
    Element const child{pugi::xml_node{m_node}.append_child(tag).internal_object()};
    return classes.empty() ? child : child.set("class", classes);
}

Element Element::set(char const *attribute, std::string_view value) const
{
    auto const cleaned = legal_xml(one_line(value, k_sentence_columns));
    pugi::xml_node{m_node}.append_attribute(attribute).set_value(cleaned.c_str());
    return *this;
}

Element Element::set_verbatim(char const *attribute, std::string const &value) const
{
    pugi::xml_node{m_node}.append_attribute(attribute).set_value(value.c_str());
    return *this;
}

Element Element::set(char const *attribute, double value) const
{
    auto text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0")) {
        text.resize(text.size() - 2);
    }
    pugi::xml_node{m_node}.append_attribute(attribute).set_value(text == "-0" ? "0" : text.c_str());
    return *this;
}

Element Element::say(std::string_view text) const
{
    return say(text, k_sentence_columns);
}

Element Element::say(std::string_view text, std::size_t columns) const
{
    append(pugi::xml_node{m_node}, legal_xml(one_line(text, columns)));
    return *this;
}

Element Element::block(std::string_view text) const
{
    append(pugi::xml_node{m_node}, legal_xml(fmt::format("{}", fmt::join(misroute::block(text), "\n"))));
    return *this;
}

Element Element::verbatim(std::string_view text) const
{
    append(pugi::xml_node{m_node}, std::string{text});
    return *this;
}

HtmlDocument::HtmlDocument() : m_document{std::make_unique<pugi::xml_document>()}
{
    m_document->append_child(pugi::node_doctype).set_value("html");
    m_document->append_child("html").append_attribute("lang").set_value("en");
}

HtmlDocument::~HtmlDocument() = default;

Element HtmlDocument::root() const
{
    return Element{m_document->child("html").internal_object()};
}

std::string HtmlDocument::text() const
{
    close_empty_elements(m_document->root());
    std::ostringstream out;
    m_document->save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return out.str() + "\n";
}

} // namespace misroute
