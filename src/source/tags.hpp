// SPDX-License-Identifier: Apache-2.0
//
// request_tags, from both sides: the path that makes the server send only the tags we look at, and the reading of
// what it sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// A jsonpath that selects the tags "<name>:…" of the given names.
std::string tag_path(std::vector<std::string> const &names);

/// A jsonpath that exists where a tag of one of these names holds `text`, in any case of letters.
std::string mention_path(std::vector<std::string> const &names, std::string_view text);

/// A jsonpath that exists where the value of a tag of one of these names begins, after blanks, with a letter of this
/// bracket expression.
std::string value_path(std::vector<std::string> const &names, std::string_view first_letter);

/// The elements of a JSON array that are strings; of an array whose beginning was cut off, those that are whole;
/// empty for anything else.
std::vector<std::string> parse_tags(std::string_view json);

} // namespace misroute
