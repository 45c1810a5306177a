// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/series.hpp"

#include "misroute/model/varint.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace misroute {

namespace {

/// A sum beyond the range stays at its end.
void add_to(std::int64_t &sum, std::int64_t value)
{
    if (__builtin_add_overflow(sum, value, &sum)) {
        sum = value < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    }
}

std::int64_t count_of(Instant at)
{
    return at.time_since_epoch().count();
}

/// How far one point of time is from another, and back. Sums of no rows have the ends of the range: it wraps around.
std::int64_t distance(Instant from, Instant to)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(count_of(to)) -
                                     static_cast<std::uint64_t>(count_of(from)));
}

Instant away(Instant from, std::int64_t distance)
{
    auto const at = static_cast<std::uint64_t>(count_of(from)) + static_cast<std::uint64_t>(distance);
    return Instant{Milliseconds{static_cast<std::int64_t>(at)}};
}

/// Of bytes that pack() wrote.
std::int64_t next_varint(std::string_view &bytes)
{
    return take_varint(bytes).value_or(0);
}

Sums next_sums(std::string_view &bytes, Instant bucket)
{
    Sums sums;
    for (auto *part :
         {&sums.requests, &sums.tokens, &sums.spend_nano, &sums.unpriced_requests, &sums.unpriced_tokens}) {
        *part = next_varint(bytes);
    }
    sums.first = away(bucket, next_varint(bytes));
    sums.last = away(sums.first, next_varint(bytes));
    return sums;
}

void put_sums(std::string &bytes, Instant bucket, Sums const &sums)
{
    for (auto const number : {sums.requests, sums.tokens, sums.spend_nano, sums.unpriced_requests, sums.unpriced_tokens,
                              distance(bucket, sums.first), distance(sums.first, sums.last)}) {
        put_varint(bytes, number);
    }
}

} // namespace

Sums &Sums::operator+=(Sums const &other)
{
    add_to(requests, other.requests);
    add_to(tokens, other.tokens);
    add_to(spend_nano, other.spend_nano);
    add_to(unpriced_requests, other.unpriced_requests);
    add_to(unpriced_tokens, other.unpriced_tokens);
    first = std::min(first, other.first);
    last = std::max(last, other.last);
    return *this;
}

bool overlap(Sums const &left, Sums const &right)
{
    return left.first <= right.last && right.first <= left.last;
}

Series::Iterator::Iterator(Series const &series, std::size_t left)
    : m_newest{&series.m_newest},
      m_after{series.m_bytes},
      m_left{left}
{
    read();
}

Series::Iterator &Series::Iterator::operator++()
{
    --m_left;
    read();
    return *this;
}

void Series::Iterator::read()
{
    if (m_left > 1) {
        m_point.first = away(m_point.first, next_varint(m_after));
        m_point.second = next_sums(m_after, m_point.first);
    } else if (m_left == 1) {
        m_point = *m_newest;
    }
}

/// Behind all that is packed.
void Series::pack(Instant bucket, Sums const &sums)
{
    put_varint(m_bytes, distance(m_packed_to, bucket));
    put_sums(m_bytes, bucket, sums);
    m_packed_to = bucket;
}

void Series::add(Instant bucket, Sums const &sums)
{
    if (!empty() && bucket == m_newest.first) {
        m_newest.second += sums;
    } else if (empty() || bucket > m_newest.first) {
        if (!empty()) {
            pack(m_newest.first, m_newest.second);
        }
        m_newest = {bucket, sums};
        ++m_size;
    } else if (m_bytes.empty() || bucket > m_packed_to) {
        pack(bucket, sums);
        ++m_size;
    } else {
        Series one;
        one.add(bucket, sums);
        *this += one;
    }
}

Series &Series::operator+=(Series const &other)
{
    if (other.empty() || m_bytes.empty() || other.begin()->first > m_packed_to) {
        for (auto const &[bucket, sums] : other) {
            add(bucket, sums);
        }
        return *this;
    }
    Series merged;
    merged.m_bytes.reserve(m_bytes.size() + other.m_bytes.size());
    auto theirs = other.begin();
    for (auto const &[bucket, sums] : *this) {
        for (; theirs != other.end() && theirs->first < bucket; ++theirs) {
            merged.add(theirs->first, theirs->second);
        }
        merged.add(bucket, sums);
    }
    for (; theirs != other.end(); ++theirs) {
        merged.add(theirs->first, theirs->second);
    }
    *this = std::move(merged);
    return *this;
}

} // namespace misroute
