// SPDX-License-Identifier: Apache-2.0
#include "cli/zone.hpp"

#include "misroute/model/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace misroute::cli {

namespace {

constexpr char const *k_folder = "/usr/share/zoneinfo/"; // where glibc looks

/// "Asia/Seoul" and not "../../etc/passwd"; the C library takes what it does not know for UTC.
bool is_known(std::string const &name)
{
    bool const plain = std::ranges::all_of(name, [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '/' || letter == '_' || letter == '+' || letter == '-';
    });
    std::error_code error;
    return plain && !name.starts_with('/') && std::filesystem::is_regular_file(k_folder + name, error);
}

Milliseconds offset_at(Instant at)
{
    auto const seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(at));
    tm parts{};
    localtime_r(&seconds, &parts);
    return std::chrono::seconds{parts.tm_gmtoff};
}

} // namespace

Zone zone_of(std::string const &given)
{
    char const *const inherited = std::getenv("TZ"); // NOLINT(concurrency-mt-unsafe): no thread reads it yet
    auto name = !given.empty() ? given : std::string{inherited == nullptr ? "" : inherited};
    name.erase(0, name.starts_with(':') ? 1 : 0); // POSIX's way to say that a name follows
    if (name.empty() || name == "UTC") {
        return {};
    }
    if (given.empty() && !is_known(name)) {
        return {}; // POSIX has rules in this place too, such as EST5EDT,M3.2.0,M11.1.0
    }
    if (!is_known(name)) {
        throw Error{fmt::format("this system knows no time zone \"{}\"", name),
                    {},
                    "write --tz Asia/Seoul or --tz UTC; in a container the package tzdata may be missing"};
    }
    setenv("TZ", name.c_str(), 1); // NOLINT(concurrency-mt-unsafe): see above
    tzset();
    return {name, offset_at};
}

} // namespace misroute::cli
