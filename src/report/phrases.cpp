// SPDX-License-Identifier: Apache-2.0
#include "report/phrases.hpp"

#include "misroute/diagnose.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace misroute::phrase {

namespace {

std::string digits_of_percent(double share)
{
    auto const value = share * 100;
    auto const near_an_end = std::min(value, 100 - value);
    // Two decimals show a share of one in ten thousand; whole numbers do where nobody would act on a decimal.
    auto const decimals = near_an_end <= 0 || near_an_end >= 1 ? 0 : near_an_end >= 0.1 ? 1 : 2;
    auto text = fmt::format("{:.{}f}", value, decimals);
    if (text == "0.00") {
        return "<0.01";
    }
    return text == "100.00" ? ">99.99" : text;
}

std::string day(Instant at, Zone const &zone)
{
    return to_timestamp(at, zone).substr(0, 10);
}

bool within_a_day(Window const &window, Zone const &zone)
{
    return day(window.since, zone) == day(window.until - Milliseconds{1}, zone);
}

std::string pods(Dispatch const &dispatch)
{
    if (!dispatch.backends) {
        return {};
    }
    auto text = text::counted(*dispatch.backends, "pod");
    auto const &interval = dispatch.backends_interval;
    auto const low = interval ? std::floor(interval->low + 0.5) : *dispatch.backends;
    auto const high = interval ? std::floor(interval->high + 0.5) : *dispatch.backends;
    // A cycle has its length; only a number that was worked out from shares is uncertain.
    bool const estimated = dispatch.pattern != Pattern::round_robin && low < high && std::isfinite(high);
    return estimated ? fmt::format("about {} [{:.0f}–{:.0f}]", text, low, high) : text;
}

std::string spread(Dispatch const &dispatch, std::string_view what)
{
    auto const number = pods(dispatch);
    return number.empty() ? std::string{what} : fmt::format("{} over {}", what, number);
}

} // namespace

std::string percent(double share)
{
    return digits_of_percent(share) + " %";
}

std::string share(Share const &share)
{
    return fmt::format("{} [{}–{} %]", percent(share.estimate), digits_of_percent(share.low),
                       digits_of_percent(share.high));
}

std::string usd(double amount)
{
    if (!std::isfinite(amount) || std::abs(amount) >= 1e15) {
        return "an unknown amount";
    }
    if (amount > 0 && amount < 0.005) {
        return "less than $0.01";
    }
    auto const cents = std::llround(std::abs(amount) * 100);
    return fmt::format("{}${}.{:02}", amount < 0 ? "-" : "", text::grouped(cents / 100), cents % 100);
}

std::string cost(std::int64_t nano)
{
    if (nano == 0) {
        return "-";
    }
    auto const amount = static_cast<double>(nano) / 1e9;
    if (amount > 0 && amount < 0.0005) {
        return "<$0.001";
    }
    return std::abs(amount) < 100 ? fmt::format("{}${:.3f}", amount < 0 ? "-" : "", std::abs(amount)) : usd(amount);
}

std::string duration(Milliseconds length)
{
    using namespace std::chrono_literals;
    struct Unit
    {
        std::string_view name;
        Milliseconds length;
    };
    constexpr std::array<Unit, 4> k_units{{{"d", 24h}, {"h", 1h}, {"min", 1min}, {"s", 1s}}};
    if (length < 1s) {
        return fmt::format("{} ms", length.count());
    }
    if (length == 24h) {
        return "24 h"; // "the last 24 h" is how people say it
    }
    std::vector<std::string> parts;
    for (auto const &unit : k_units) {
        auto const count = length / unit.length;
        length -= count * unit.length;
        if (count > 0) {
            parts.push_back(fmt::format("{} {}", count, unit.name));
        } else if (!parts.empty()) {
            break; // "7 d 3 s" says no more than "7 d"
        }
        if (parts.size() == 2) {
            break;
        }
    }
    return fmt::format("{}", fmt::join(parts, " "));
}

std::string time(Instant at, Zone const &zone)
{
    auto const text = to_timestamp(std::chrono::floor<std::chrono::seconds>(at), zone);
    return text.ends_with(":00") ? text.substr(0, text.size() - 3) : text;
}

std::string time_within(Instant at, Window const &window, Zone const &zone)
{
    auto const text = to_timestamp(std::chrono::floor<std::chrono::seconds>(at), zone);
    return within_a_day(window, zone) && window.contains(at) ? text.substr(text.find(' ') + 1) : text;
}

std::string window(Window const &window, Zone const &zone)
{
    auto const until = time(window.until, zone);
    bool const same_day = day(window.since, zone) == day(window.until, zone);
    return fmt::format("{} → {} {}", time(window.since, zone), same_day ? until.substr(until.find(' ') + 1) : until,
                       zone.name);
}

std::string issuer(Issuer const &issuer)
{
    auto const name = issuer.name.empty() ? std::string{"(none)"} : issuer.name;
    return issuer.kind == IssuerKind::host ? name : fmt::format("{} {}", to_string(issuer.kind), name);
}

std::string onset(Onset const &onset, Window const &window, Zone const &zone)
{
    auto const at = [&](Instant time) { return time_within(time, window, zone); };
    auto text = fmt::format("{} {}", onset.ongoing || !onset.ended_at ? "since" : "from", at(onset.at));
    if (onset.earliest < onset.at) {
        text += onset.earliest <= window.since ? " or earlier" : fmt::format(" (not before {})", at(onset.earliest));
    }
    text += onset.ongoing || !onset.ended_at ? ", ongoing" : fmt::format(" to {}, ended", at(*onset.ended_at));
    return onset.episodes > 1 ? fmt::format("{}, in {} episodes", text, onset.episodes) : text;
}

std::string dispatch(Dispatch const &dispatch)
{
    auto const claim = [&](std::string const &what) { return (dispatch.certain ? "" : "compatible with ") + what; };
    switch (dispatch.pattern) {
    case Pattern::single:
        return claim("one backend alone");
    case Pattern::round_robin:
        return claim(spread(dispatch, "a round-robin"));
    case Pattern::random:
        return claim(spread(dispatch, "a random choice"));
    case Pattern::sticky:
        return claim(spread(dispatch, "sticky connections"));
    case Pattern::switched:
        return claim("one switch and no return");
    case Pattern::undetermined:
        break;
    }
    return "no pattern can be told";
}

std::string classes(ClassCounts const &counts)
{
    std::vector<std::string> reasons;
    for (std::size_t index = 1; index < counts.by_reason.size(); ++index) {
        if (auto const requests = counts.by_reason.at(index); requests > 0) {
            reasons.push_back(
                fmt::format("{} {}", text::grouped(requests), to_string(static_cast<ExclusionReason>(index))));
        }
    }
    std::vector<std::string> parts;
    auto const part = [&](std::int64_t requests, RowClass row_class) {
        if (requests > 0) {
            parts.push_back(fmt::format("{} {}", text::grouped(requests), to_string(row_class)));
        }
    };
    part(counts.home, RowClass::home);
    part(counts.foreign, RowClass::foreign);
    part(counts.unknown, RowClass::unknown);
    part(counts.unassigned, RowClass::unassigned);
    part(counts.excluded, RowClass::excluded);
    auto const why = reasons.empty() ? std::string{} : fmt::format(" ({})", fmt::join(reasons, ", "));
    return fmt::format("{} scanned = {}{}", text::grouped(counts.scanned()),
                       parts.empty() ? "0" : fmt::format("{}", fmt::join(parts, " + ")), why);
}

std::string cause(std::string_view name)
{
    auto const table = causes();
    auto const found = std::ranges::find(table, name, &CauseRow::cause);
    return std::string{found == table.end() ? name : found->title};
}

} // namespace misroute::phrase
