// SPDX-License-Identifier: Apache-2.0
#include "k8s/value.hpp"

#include <algorithm>
#include <charconv>

namespace misroute::k8s {

Value const *Value::find(std::string_view key) const
{
    auto const found =
        std::find_if(members.begin(), members.end(), [key](auto const &member) { return member.name == key; });
    return found == members.end() ? nullptr : &found->value;
}

Value const &Value::operator[](std::string_view key) const
{
    static Value const empty;
    auto const *const member = find(key);
    return member == nullptr ? empty : *member;
}

std::string const &text_of(Value const &value)
{
    static std::string const empty;
    return value.is_scalar() ? value.text : empty;
}

std::optional<int> count_of(Value const &value)
{
    auto const &text = text_of(value);
    int number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = error == std::errc{} && end == text.data() + text.size();
    return whole && number >= 0 ? std::optional{number} : std::nullopt;
}

bool is_true(Value const &value)
{
    auto const &text = text_of(value);
    return text == "true" || text == "True" || text == "TRUE";
}

} // namespace misroute::k8s
