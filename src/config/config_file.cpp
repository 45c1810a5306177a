// SPDX-License-Identifier: Apache-2.0
//
// A configuration as a file.
#include "config/how_to_write.hpp"
#include "misroute/config.hpp"
#include "misroute/model/error.hpp"

#include <array>
#include <filesystem>
#include <fstream>

namespace misroute {

namespace {

/// Bytes; beyond that the file is something else, such as /dev/zero.
constexpr std::size_t k_longest = std::size_t{16} << 20U;

} // namespace

std::string read_config(std::string const &file)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
        throw Error{"the configuration is a folder", file, "name the file in it"};
    }
    std::ifstream stream{file, std::ios::binary};
    std::string text;
    for (std::array<char, 65536> part{}; stream && text.size() <= k_longest;) {
        stream.read(part.data(), part.size());
        text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (text.size() > k_longest) {
        throw Error{"the configuration is longer than 16 MB", file, std::string{k_how_to_write}};
    }
    if (!stream.eof() || stream.bad()) {
        throw Error{"cannot read the configuration", file, "check the path and its permissions"};
    }
    return text;
}

Config load_config(std::string const &file, std::vector<std::string> const &rules, Instant now)
{
    return parse_config(read_config(file), file, rules, now);
}

} // namespace misroute
