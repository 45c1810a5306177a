// SPDX-License-Identifier: Apache-2.0
#include "k8s/tree_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

namespace misroute::k8s {

namespace {

constexpr std::size_t k_bytes_of_one_copy = 100;

/// Keys are short; a text that is one long key is not quoted in full.
constexpr std::size_t k_longest_quote = 60;

std::size_t weight_of(Value const &value)
{
    std::size_t weight = 1 + value.text.size() / k_bytes_of_one_copy;
    for (auto const &item : value.items) {
        weight += weight_of(item);
    }
    for (auto const &[key, member] : value.members) {
        weight += key.size() / k_bytes_of_one_copy + weight_of(member);
    }
    return weight;
}

/// YAML 1.1's `<<: *defaults`, which kubectl honours: the map's own keys win, then the first map that has the key.
void merge(Value &map)
{
    auto const found =
        std::find_if(map.members.begin(), map.members.end(), [](auto const &member) { return member.name == "<<"; });
    if (found == map.members.end()) {
        return;
    }
    auto merged = std::move(found->value);
    map.members.erase(found);
    std::vector<Value> sources;
    if (merged.is_list()) {
        sources = std::move(merged.items);
    } else {
        sources.push_back(std::move(merged));
    }
    std::set<std::string> present;
    for (auto const &member : map.members) {
        present.insert(member.name);
    }
    for (auto &source : sources) {
        for (auto &member : source.members) {
            if (present.insert(member.name).second) {
                map.members.push_back(std::move(member));
            }
        }
    }
}

} // namespace

void TreeBuilder::count(int line)
{
    if (++m_values > k_most_values) {
        throw Unreadable{line, fmt::format("an object of more than {} values is not read", k_most_values)};
    }
}

void TreeBuilder::spend(std::size_t weight, int line)
{
    m_copies += weight;
    if (m_copies > k_most_copies) {
        throw Unreadable{line, "its aliases expand without measure"};
    }
}

void TreeBuilder::start(Value::Kind kind, int line, std::size_t anchor)
{
    if (wants_key()) {
        throw Unreadable{line, "a key must be a word"};
    }
    if (m_frames.size() >= k_deepest) {
        throw Unreadable{line, fmt::format("it is nested more than {} deep", k_deepest)};
    }
    count(line);
    Frame frame;
    frame.value.kind = kind;
    frame.value.line = line;
    frame.anchor = anchor;
    m_frames.push_back(std::move(frame));
}

void TreeBuilder::end()
{
    auto frame = std::move(m_frames.back());
    m_frames.pop_back();
    if (frame.value.is_map()) {
        drop_repeated_keys(frame.value);
        merge(frame.value);
    }
    remember(frame.anchor, frame.value);
    attach(std::move(frame.value));
}

void TreeBuilder::key(std::string name, int line)
{
    auto &frame = m_frames.back();
    frame.key = std::move(name);
    frame.key_line = line;
    frame.has_key = true;
}

void TreeBuilder::key_with_anchor(Value name, std::size_t anchor)
{
    remember(anchor, name);
    key(std::move(name.text), name.line);
}

void TreeBuilder::place(Value value, std::size_t anchor)
{
    count(value.line);
    remember(anchor, value);
    attach(std::move(value));
}

void TreeBuilder::alias(std::size_t anchor, int line)
{
    auto const found = m_anchors.find(anchor);
    if (found == m_anchors.end()) {
        throw Unreadable{line, "an alias stands inside what it names"};
    }
    if (wants_key()) {
        key(text_of(found->second.value), line);
        return;
    }
    spend(found->second.weight, line);
    attach(found->second.value);
}

bool TreeBuilder::wants_key() const
{
    return !m_frames.empty() && m_frames.back().value.is_map() && !m_frames.back().has_key;
}

void TreeBuilder::finish()
{
    m_anchors.clear();
    m_values = 0;
    m_copies = 0;
}

void TreeBuilder::reset()
{
    m_frames.clear();
    m_problems.clear();
    finish();
}

void TreeBuilder::remember(std::size_t anchor, Value const &value)
{
    if (anchor != 0) {
        auto const weight = weight_of(value);
        spend(weight, value.line);
        m_anchors[anchor] = Anchored{value, weight};
    }
}

void TreeBuilder::attach(Value value)
{
    if (m_frames.empty() || is_item_of_list(value)) {
        hand_on(std::move(value));
        return;
    }
    auto &frame = m_frames.back();
    if (frame.value.is_list()) {
        frame.value.items.push_back(std::move(value));
        return;
    }
    value.line = frame.key_line;
    frame.value.members.push_back({std::move(frame.key), std::move(value)});
    frame.key.clear();
    frame.has_key = false;
}

bool TreeBuilder::is_item_of_list(Value const &value) const
{
    bool const in_list = m_frames.size() == 2 && m_frames.front().key == "items";
    bool const in_array = m_frames.size() == 1;
    return (in_list || in_array) && m_frames.back().value.is_list() && value.find("kind") != nullptr;
}

void TreeBuilder::drop_repeated_keys(Value &map)
{
    std::vector<std::size_t> order(map.members.size());
    for (std::size_t index = 0; index < order.size(); ++index) {
        order[index] = index;
    }
    auto const key_of = [&map](std::size_t index) -> std::string const & { return map.members[index].name; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t left, std::size_t right) { return key_of(left) < key_of(right); });
    std::set<std::size_t> repeated;
    for (std::size_t index = 1; index < order.size(); ++index) {
        if (key_of(order[index]) == key_of(order[index - 1])) {
            repeated.insert(order[index - 1]);
            m_problems.push_back({map.members[order[index]].value.line,
                                  fmt::format("\"{}\" stands twice in one mapping; the last one counts",
                                              std::string_view{key_of(order[index])}.substr(0, k_longest_quote))});
        }
    }
    if (repeated.empty()) {
        return;
    }
    std::vector<NamedValue> kept;
    for (std::size_t index = 0; index < map.members.size(); ++index) {
        if (!repeated.contains(index)) {
            kept.push_back(std::move(map.members[index]));
        }
    }
    map.members = std::move(kept);
}

void TreeBuilder::hand_on(Value value)
{
    ++m_handed_on;
    m_values = 0;
    m_sink(std::move(value));
}

} // namespace misroute::k8s
