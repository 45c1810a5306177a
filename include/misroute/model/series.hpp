// SPDX-License-Identifier: Apache-2.0
//
// Sums of rows, and how they went over time. A month of two thousand keys has a quarter of a million buckets, nearly
// all of them small numbers: a series keeps them as bytes, about 25 a bucket, where a vector of Sums takes 64.
#pragma once

#include "misroute/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace misroute {

/// Exact sums of a set of rows; adding is associative and commutative, so the order of slices cannot matter.
struct Sums
{
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    std::int64_t spend_nano = 0;        ///< US dollars × 10⁹
    std::int64_t unpriced_requests = 0; ///< tokens > 0 and spend = 0
    std::int64_t unpriced_tokens = 0;
    Instant first = Instant::max();
    Instant last = Instant::min();

    Sums &operator+=(Sums const &other);
    bool operator==(Sums const &) const = default;
};

/// Whether some request of each came while the other was in use: from first to last, both included.
bool overlap(Sums const &left, Sums const &right);

/// Sums of one cell by the start of the time bucket, in order. Buckets are aligned to the clock and depend on the
/// window alone, so that neither --slices nor --jobs can change what is concluded from a series.
class Series
{
public:
    using Point = std::pair<Instant, Sums>; ///< the start of a bucket, and what is in it

    /// For a range-based for.
    class Iterator
    {
    public:
        explicit Iterator(std::string_view bytes);
        Point const &operator*() const { return m_point; }
        Point const *operator->() const { return &m_point; }
        Iterator &operator++();
        /// Of one series.
        bool operator==(Iterator const &other) const { return m_left == other.m_left; }

    private:
        std::size_t m_left = 0; ///< bytes from this point on
        std::string_view m_after;
        Point m_point;
    };

    bool empty() const { return m_bytes.empty(); }
    std::size_t size() const { return m_size; }
    Iterator begin() const { return Iterator{m_bytes}; } ///< valid until the series is changed
    static Iterator end() { return Iterator{{}}; }

    /// At the end, or to the last bucket, at once; elsewhere the series is written anew.
    void add(Instant bucket, Sums const &sums);
    Series &operator+=(Series const &other);
    bool operator==(Series const &other) const { return m_bytes == other.m_bytes; }

private:
    void append(Instant bucket, Sums const &sums);

    std::string m_bytes; ///< of each point the distance from the one before and its sums (model/varint.hpp)
    std::size_t m_size = 0;
    std::size_t m_last_at = 0; ///< where the last point begins
    Instant m_last{};          ///< its bucket
};

} // namespace misroute
