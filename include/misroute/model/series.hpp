// SPDX-License-Identifier: Apache-2.0
//
// Sums of rows, and how they went over time. A month of two thousand keys has a quarter of a million buckets, nearly
// all of them small numbers: a series keeps them as bytes, about 22 a bucket, where a vector of Sums takes 64.
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
        Iterator(Series const &series, std::size_t left);
        Point const &operator*() const { return m_point; }
        Point const *operator->() const { return &m_point; }
        Iterator &operator++();
        /// Of one series.
        bool operator==(Iterator const &other) const { return m_left == other.m_left; }

    private:
        void read();

        Point const *m_newest;
        std::string_view m_after; ///< bytes behind this point
        std::size_t m_left;       ///< points, this one included
        Point m_point;
    };

    bool empty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }
    Iterator begin() const { return {*this, m_size}; } ///< valid until the series is changed
    Iterator end() const { return {*this, 0}; }

    /// At once where at most one bucket is newer, as with slices that two connections read; else the series is written
    /// anew.
    void add(Instant bucket, Sums const &sums);
    Series &operator+=(Series const &other);
    bool operator==(Series const &other) const = default;

private:
    void pack(Instant bucket, Sums const &sums);

    std::string m_bytes;   ///< of each point but the newest the distance from the one before and its sums (varint.hpp)
    Instant m_packed_to{}; ///< the bucket that they end with
    Point m_newest;
    std::size_t m_size = 0;
};

} // namespace misroute
