// SPDX-License-Identifier: Apache-2.0
//
// Builds values from the events of a parser, within limits: whatever the text, depth, memory and time stay bounded.
// A List of objects is never held as a whole: its items are handed on one by one, as they end.
#pragma once

#include "k8s/value.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace misroute::k8s {

/// Deeper nesting than this is no Kubernetes object (the deepest fields of the API lie at about 20).
inline constexpr std::size_t k_deepest = 100;

/// Values in one object. The API server refuses objects beyond 3 MiB; real ones have some hundred values.
inline constexpr std::size_t k_most_values = 200'000;

/// What the aliases of one document may add up to, in values and in hundreds of bytes: the end of every YAML bomb.
inline constexpr std::size_t k_most_copies = 100'000;

/// Something about the text that a person has to know.
struct Problem
{
    int line = 0;
    std::string why;
};

/// The document cannot be read any further.
struct Unreadable : std::runtime_error
{
    Unreadable(int at, std::string const &why) : std::runtime_error{why}, line{at} {}
    int line;
};

/// Takes each object of the text as it ends.
using Sink = std::function<void(Value &&)>;

class TreeBuilder
{
public:
    explicit TreeBuilder(Sink sink) : m_sink{std::move(sink)} {}

    void start(Value::Kind kind, int line, std::size_t anchor = 0);
    void end();
    void key(std::string name, int line);
    void key_with_anchor(Value name, std::size_t anchor);
    void place(Value value, std::size_t anchor = 0);
    void alias(std::size_t anchor, int line);

    /// The next scalar is the key of a map.
    bool wants_key() const;

    /// A document has ended: its anchors and what it spent are forgotten.
    void finish();

    /// Drops what is half built, after an error.
    void reset();

    std::vector<Problem> &problems() { return m_problems; }
    std::size_t handed_on() const { return m_handed_on; }

private:
    struct Frame
    {
        Value value;
        std::string key;
        int key_line = 0;
        bool has_key = false;
        std::size_t anchor = 0;
    };

    struct Anchored
    {
        Value value;
        std::size_t weight = 0;
    };

    void count(int line);
    void spend(std::size_t weight, int line);
    void remember(std::size_t anchor, Value const &value);
    void attach(Value value);
    bool is_item_of_list(Value const &value) const;
    void drop_repeated_keys(Value &map);
    void hand_on(Value value);

    Sink m_sink;
    std::vector<Frame> m_frames;
    std::map<std::size_t, Anchored> m_anchors;
    std::vector<Problem> m_problems;
    std::size_t m_values = 0;
    std::size_t m_copies = 0;
    std::size_t m_handed_on = 0;
};

} // namespace misroute::k8s
