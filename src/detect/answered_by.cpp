// SPDX-License-Identifier: Apache-2.0
#include "detect/answered_by.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace misroute {

namespace {

constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The names in the order in which they choose.
std::vector<std::string> choosers(std::set<std::string> const &names, std::set<std::string> configured)
{
    if (configured.size() > k_alphabet.size()) {
        std::erase_if(configured, [&](std::string const &name) { return !names.contains(name); });
    }
    std::vector<std::string> order{configured.begin(), configured.end()};
    std::ranges::copy_if(names, std::back_inserter(order),
                         [&](std::string const &name) { return !configured.contains(name); });
    return order;
}

char choose(std::string const &name, std::set<char> &free)
{
    for (auto const byte : name) {
        auto const letter = byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
        if (free.erase(letter) > 0) {
            return letter;
        }
    }
    return free.empty() ? '?' : free.extract(free.begin()).value();
}

} // namespace

std::string answerer_of(CellKey const &key, Judged const &judged)
{
    if (!judged.owner.empty()) {
        return judged.owner.text();
    }
    return key.backend.blank() ? std::string{} : key.backend.text();
}

std::string answered_by(CellKey const &key, Judged const &judged)
{
    auto const row_class = judged.row_class;
    bool const tells =
        row_class == RowClass::home || row_class == RowClass::foreign || row_class == RowClass::unassigned;
    return tells ? answerer_of(key, judged) : std::string{};
}

std::map<std::string, char> letters_of(std::set<std::string> const &names, Expectations const &expected)
{
    std::set<std::string> configured;
    for (auto const &instance : expected.instances) {
        configured.insert(instance.name);
    }
    return choose_letters(names, std::move(configured));
}

std::map<std::string, char> choose_letters(std::set<std::string> const &names, std::set<std::string> configured)
{
    std::set<char> free{k_alphabet.begin(), k_alphabet.end()};
    std::map<std::string, char> letters;
    for (auto const &name : choosers(names, std::move(configured))) {
        auto const letter = choose(name, free);
        if (names.contains(name)) {
            letters.emplace(name, letter);
        }
    }
    return letters;
}

} // namespace misroute
