// SPDX-License-Identifier: Apache-2.0
#include "source/slice_bytes.hpp"

#include <array>
#include <limits>
#include <optional>

namespace misroute {

namespace {

constexpr unsigned k_bits = 7; // of a number in each byte; the eighth says that more follow
constexpr unsigned char k_more = 0x80;

void put_number(std::string &bytes, std::int64_t value)
{
    // Small numbers of either sign take few bytes: 0, -1, 1, -2, … become 0, 1, 2, 3, …
    auto left = (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
    for (; left >= k_more; left >>= k_bits) {
        bytes.push_back(static_cast<char>(left | k_more));
    }
    bytes.push_back(static_cast<char>(left));
}

void put_text(std::string &bytes, std::string_view text)
{
    put_number(bytes, static_cast<std::int64_t>(text.size()));
    bytes.append(text);
}

/// Every text of a key, in the order they are written in.
template <typename Key>
auto texts_of(Key &key)
{
    return std::array{&key.host,  &key.key,         &key.team,     &key.entity,           &key.backend.provider,
                      &key.model, &key.model_group, &key.model_id, &key.backend.upstream, &key.backend.stamp};
}

class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_bytes{bytes} {}

    bool at_end() const { return m_bytes.empty(); }
    bool good() const { return m_good; }

    std::int64_t number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; !m_bytes.empty() && shift < 64; shift += k_bits) {
            auto const byte = static_cast<unsigned char>(m_bytes.front());
            m_bytes.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & ~k_more) << shift;
            if ((byte & k_more) == 0) {
                return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
            }
        }
        m_good = false;
        return 0;
    }

    std::string text()
    {
        auto const size = number();
        if (size < 0 || static_cast<std::uint64_t>(size) > m_bytes.size()) {
            m_good = false;
            return {};
        }
        std::string result{m_bytes.substr(0, static_cast<std::size_t>(size))};
        m_bytes.remove_prefix(result.size());
        return result;
    }

    Instant instant() { return Instant{Milliseconds{number()}}; }

private:
    std::string_view m_bytes;
    bool m_good = true;
};

Cell read_cell(Reader &reader)
{
    Cell cell;
    for (auto points = reader.number(); points > 0 && reader.good(); --points) {
        auto const bucket = reader.instant();
        Sums sums;
        for (auto *part :
             {&sums.requests, &sums.tokens, &sums.spend_nano, &sums.unpriced_requests, &sums.unpriced_tokens}) {
            *part = reader.number();
        }
        sums.first = reader.instant();
        sums.last = reader.instant();
        cell.add(bucket, sums);
    }
    return cell;
}

} // namespace

void SliceWriter::add(CellKey const &key, Cell const &cell)
{
    for (auto const *text : texts_of(key)) {
        put_text(m_bytes, *text);
    }
    put_number(m_bytes, static_cast<std::int64_t>(key.reason));
    put_number(m_bytes, static_cast<std::int64_t>(cell.series.size()));
    for (auto const &[bucket, sums] : cell.series) {
        for (auto const number :
             {bucket.time_since_epoch().count(), sums.requests, sums.tokens, sums.spend_nano, sums.unpriced_requests,
              sums.unpriced_tokens, sums.first.time_since_epoch().count(), sums.last.time_since_epoch().count()}) {
            put_number(m_bytes, number);
        }
    }
}

bool read_slice(std::string_view bytes, OnCell const &on_cell)
{
    Reader reader{bytes};
    while (!reader.at_end()) {
        CellKey key;
        for (auto *text : texts_of(key)) {
            *text = reader.text();
        }
        key.reason = static_cast<ExclusionReason>(reader.number());
        auto cell = read_cell(reader);
        if (!reader.good()) {
            return false;
        }
        on_cell(key, cell);
    }
    return true;
}

} // namespace misroute
