// SPDX-License-Identifier: Apache-2.0
//
// Random numbers that are the same everywhere: the standard fixes the output of std::mt19937_64, but not that of its
// distributions, so these are our own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace misroute::simulator {

class Random
{
public:
    explicit Random(std::uint64_t seed) : m_engine{seed} {}

    /// In [0, 1), 53 bits.
    double uniform() { return static_cast<double>(m_engine() >> 11U) * 0x1.0p-53; }

    /// In [low, high).
    double between(double low, double high) { return low + (high - low) * uniform(); }

    /// 0 … count − 1.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(uniform() * static_cast<double>(count)); }

    bool chance(double probability) { return uniform() < probability; }

    template <typename T>
    void shuffle(std::vector<T> &values)
    {
        for (auto i = values.size(); i > 1; --i) {
            std::swap(values[i - 1], values[below(i)]);
        }
    }

private:
    std::mt19937_64 m_engine;
};

} // namespace misroute::simulator
