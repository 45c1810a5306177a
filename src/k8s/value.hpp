// SPDX-License-Identifier: Apache-2.0
//
// The little tree that YAML and JSON have in common, with the line of everything. Scalars stay text: a label is the
// text "1" whatever YAML makes of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::k8s {

struct NamedValue;

struct Value
{
    enum class Kind
    {
        null,
        scalar,
        list,
        map,
    };

    Kind kind = Kind::null;
    int line = 0;     ///< of the key, or of the value itself where it has none; counted from 1
    std::string text; ///< of a scalar
    std::vector<Value> items;
    std::vector<NamedValue> members; ///< in the order of the text; a key stands once

    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_list() const { return kind == Kind::list; }
    bool is_map() const { return kind == Kind::map; }

    /// The member of that name, or nullptr: also when this is no map.
    Value const *find(std::string_view key) const;

    /// The member of that name, or an empty value. Chains like `value["spec"]["template"]` therefore always hold.
    Value const &operator[](std::string_view key) const;
};

/// A member of a map. No std::pair: clang cannot make one of a type that is not complete yet.
struct NamedValue
{
    std::string name;
    Value value;
};

/// The scalar's text; empty for anything else.
std::string const &text_of(Value const &value);

/// The scalar as a whole number that fits an int and is not negative.
std::optional<int> count_of(Value const &value);

/// "true" in any case that YAML admits.
bool is_true(Value const &value);

} // namespace misroute::k8s
