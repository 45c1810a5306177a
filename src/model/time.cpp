// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace misroute {

namespace {

using namespace std::chrono;

struct Unit
{
    std::string_view name;
    Milliseconds length;
};

// "ms" stands before "m", because the first that fits is taken.
constexpr std::array<Unit, 6> k_units{{{"w", 168h}, {"d", 24h}, {"h", 1h}, {"ms", 1ms}, {"m", 1min}, {"s", 1s}}};

/// Takes `digits` decimal digits off the front; nothing when they are not there.
std::optional<int> take_number(std::string_view &text, std::size_t digits)
{
    int value = 0;
    auto const part = text.substr(0, digits);
    bool const complete = part.size() == digits && part.find_first_not_of("0123456789") == std::string_view::npos;
    if (!complete) {
        return std::nullopt;
    }
    std::from_chars(part.data(), part.data() + part.size(), value);
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view &text, std::string_view any_of)
{
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

std::optional<sys_days> take_date(std::string_view &text)
{
    auto const year_number = take_number(text, 4);
    bool const dash = take(text, "-");
    auto const month_number = take_number(text, 2);
    bool const second_dash = take(text, "-");
    auto const day_number = take_number(text, 2);
    if (!year_number || !dash || !month_number || !second_dash || !day_number) {
        return std::nullopt;
    }
    year_month_day const date{year{*year_number}, month{static_cast<unsigned>(*month_number)},
                              day{static_cast<unsigned>(*day_number)}};
    return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

/// ".123456" → 123 ms; digits beyond the third are cut, as LiteLLM's column does.
std::optional<Milliseconds> take_fraction(std::string_view &text)
{
    if (!take(text, ".")) {
        return Milliseconds::zero();
    }
    int value = 0;
    int scale = 100;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits, scale /= 10) {
        value += (text[digits] - '0') * scale;
    }
    text.remove_prefix(digits);
    return digits == 0 ? std::nullopt : std::optional{Milliseconds{value}};
}

std::optional<Milliseconds> take_time(std::string_view &text)
{
    auto const hour = take_number(text, 2);
    bool const colon = take(text, ":");
    auto const minute = take_number(text, 2);
    if (!hour || !colon || !minute || *hour > 23 || *minute > 59) {
        return std::nullopt;
    }
    Milliseconds time = hours{*hour} + minutes{*minute};
    if (take(text, ":")) {
        auto const second = take_number(text, 2);
        auto const fraction = second ? take_fraction(text) : std::nullopt;
        if (!fraction || *second > 60) {
            return std::nullopt;
        }
        time += seconds{*second} + *fraction;
    }
    return time;
}

/// "Z", "+02:00", "-0530".
std::optional<Milliseconds> take_offset(std::string_view &text)
{
    if (take(text, "Zz")) {
        return Milliseconds::zero();
    }
    int const sign = text.starts_with('-') ? -1 : 1;
    if (!take(text, "+-")) {
        return std::nullopt;
    }
    auto const hour = take_number(text, 2);
    take(text, ":");
    auto const minute = take_number(text, 2);
    if (!hour || !minute || *hour > 23 || *minute > 59) {
        return std::nullopt;
    }
    return sign * (hours{*hour} + minutes{*minute});
}

/// "now", "today", "yesterday", and "00:50": the latest one.
std::optional<Instant> of_words(std::string_view text, Instant now, Zone const &zone)
{
    auto const today = floor<days>(zone.local(now));
    if (text == "now") {
        return now;
    }
    if (text == "today" || text == "yesterday") {
        return zone.utc(text == "today" ? today : today - days{1});
    }
    auto const time = take_time(text);
    if (!time || !text.empty()) {
        return std::nullopt;
    }
    auto const at = zone.utc(today + *time);
    return at <= now ? at : zone.utc(today - days{1} + *time);
}

struct CivilTime
{
    year_month_day date;
    hh_mm_ss<Milliseconds> time;
};

CivilTime civil(Instant at)
{
    auto const day = floor<days>(at);
    return {year_month_day{day}, hh_mm_ss{at - day}};
}

std::string format_seconds(CivilTime const &when, char separator)
{
    return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", static_cast<int>(when.date.year()),
                       static_cast<unsigned>(when.date.month()), static_cast<unsigned>(when.date.day()), separator,
                       when.time.hours().count(), when.time.minutes().count(), when.time.seconds().count());
}

// Only years of four digits are written alike by everybody; PostgreSQL's timestamps reach further on both sides.
std::optional<Instant> in_range(Instant at)
{
    auto const year_number = year_month_day{floor<days>(at)}.year();
    return year_number >= year{1000} && year_number <= year{9999} ? std::optional{at} : std::nullopt;
}

/// Twenty thousand years: what is added up must not overflow.
constexpr Milliseconds k_longest_sum = days{7'300'000};

} // namespace

Instant Zone::utc(Instant wall) const
{
    if (!offset) {
        return wall;
    }
    // The offset before the moment is the one in force unless the clocks were changed within it.
    auto const guess = wall - offset(wall);
    auto const earlier = wall - std::max(offset(guess), offset(guess - hours{3}));
    return local(earlier) == wall ? earlier : wall - offset(guess);
}

std::optional<Milliseconds> parse_duration(std::string_view text)
{
    if (text.empty()) {
        return std::nullopt;
    }
    Milliseconds total{0};
    while (!text.empty()) {
        std::int64_t count = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        auto const *const unit = std::find_if(k_units.begin(), k_units.end(),
                                              [&](Unit const &candidate) { return text.starts_with(candidate.name); });
        constexpr std::int64_t k_most = 1'000'000; // of any unit: far beyond any log, far from overflow
        if (error != std::errc{} || count < 0 || count > k_most || unit == k_units.end()) {
            return std::nullopt;
        }
        total += count * unit->length;
        if (total > k_longest_sum) {
            return std::nullopt;
        }
        text.remove_prefix(unit->name.size());
    }
    return total;
}

std::optional<Instant> parse_instant(std::string_view text, Instant now, Zone const &zone)
{
    if (auto const back = parse_duration(text)) {
        return in_range(now - *back);
    }
    if (auto const at = of_words(text, now, zone)) {
        return at;
    }
    auto const date = take_date(text);
    if (!date || text.empty()) {
        return date ? in_range(zone.utc(*date)) : std::nullopt;
    }
    if (!take(text, "Tt ")) {
        return std::nullopt;
    }
    auto const time = take_time(text);
    if (!time || text.empty()) {
        return time ? std::optional{zone.utc(*date + *time)} : std::nullopt;
    }
    auto const offset = take_offset(text);
    return offset && text.empty() ? std::optional<Instant>{*date + *time - *offset} : std::nullopt;
}

std::string to_rfc3339(Instant at)
{
    auto const when = civil(at);
    return fmt::format("{}.{:03}Z", format_seconds(when, 'T'), when.time.subseconds().count());
}

std::string to_timestamp(Instant at)
{
    auto const when = civil(at);
    auto const fraction = when.time.subseconds().count();
    return format_seconds(when, ' ') + (fraction == 0 ? "" : fmt::format(".{:03}", fraction));
}

std::string to_timestamp(Instant at, Zone const &zone)
{
    return to_timestamp(zone.local(at));
}

std::string to_text(Milliseconds length)
{
    for (auto const &unit : k_units) {
        if (unit.name != "w" && unit.name != "ms" && length >= unit.length &&
            length % unit.length == Milliseconds::zero()) {
            auto const count = length / unit.length;
            bool const prefers_hours = unit.name == "d" && count == 1; // "the last 24 h" is how people say it
            return prefers_hours ? "24 h" : fmt::format("{} {}", count, unit.name == "m" ? "min" : unit.name);
        }
    }
    return fmt::format("{} ms", length.count());
}

} // namespace misroute
