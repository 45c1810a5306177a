// SPDX-License-Identifier: Apache-2.0
#include "source/slice_bytes.hpp"

#include "misroute/model/varint.hpp"

#include <utility>
#include <vector>

namespace misroute {

namespace {

constexpr int k_guessed = 64; ///< added to the number of a reason where the provider is a guess

void put_text(std::string &bytes, std::string_view text)
{
    put_varint(bytes, static_cast<std::int64_t>(text.size()));
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
        auto const value = take_varint(m_bytes);
        m_good = m_good && value.has_value();
        return value.value_or(0);
    }

    /// A number that counts something; 0 when it is none.
    std::uint64_t count()
    {
        auto const value = number();
        m_good = m_good && value >= 0;
        return m_good ? static_cast<std::uint64_t>(value) : 0;
    }

    std::string_view text()
    {
        auto const size = count();
        if (size > m_bytes.size()) {
            m_good = false;
            return {};
        }
        auto const result = m_bytes.substr(0, size);
        m_bytes.remove_prefix(result.size());
        return result;
    }

    Instant instant() { return Instant{Milliseconds{number()}}; }

private:
    std::string_view m_bytes;
    bool m_good = true;
};

Sums read_sums(Reader &reader)
{
    Sums sums;
    for (auto *part :
         {&sums.requests, &sums.tokens, &sums.spend_nano, &sums.unpriced_requests, &sums.unpriced_tokens}) {
        *part = reader.number();
    }
    sums.first = reader.instant();
    sums.last = reader.instant();
    return sums;
}

/// The texts that a slice begins with. Every text takes a byte or more, which bounds what a damaged count can ask for.
std::vector<std::string_view> read_texts(Reader &reader)
{
    std::vector<std::string_view> texts;
    for (auto left = reader.count(); left > 0 && reader.good(); --left) {
        texts.push_back(reader.text());
    }
    return texts;
}

} // namespace

void SliceWriter::add(CellKey const &key, Cell const &cell)
{
    for (auto const *text : texts_of(key)) {
        auto const [known, fresh] = m_numbers.try_emplace(*text, static_cast<std::int64_t>(m_numbers.size()));
        if (fresh) {
            put_text(m_texts, *text);
        }
        put_varint(m_cells, known->second);
    }
    put_varint(m_cells, static_cast<std::int64_t>(key.reason) + (key.backend.guessed ? k_guessed : 0));
    put_varint(m_cells, static_cast<std::int64_t>(cell.series.size()));
    for (auto const &[bucket, sums] : cell.series) {
        for (auto const number :
             {bucket.time_since_epoch().count(), sums.requests, sums.tokens, sums.spend_nano, sums.unpriced_requests,
              sums.unpriced_tokens, sums.first.time_since_epoch().count(), sums.last.time_since_epoch().count()}) {
            put_varint(m_cells, number);
        }
    }
}

std::string SliceWriter::bytes() const
{
    std::string bytes;
    put_varint(bytes, static_cast<std::int64_t>(m_numbers.size()));
    return bytes + m_texts + m_cells;
}

std::size_t CachedCells::HashOfName::operator()(Name const &name) const
{
    std::size_t hash = 0;
    for (auto const part : name) {
        hash = (hash ^ part) * 0x9e3779b97f4a7c15U; // 2⁶⁴ divided by the golden ratio (Knuth, TAOCP 6.4)
        hash ^= hash >> 32U;
    }
    return hash;
}

std::uint32_t CachedCells::number_of(std::string_view text)
{
    auto const known = m_numbers.find(text);
    if (known != m_numbers.end()) {
        return known->second;
    }
    m_texts.emplace_back(text);
    return m_numbers.emplace(m_texts.back(), static_cast<std::uint32_t>(m_texts.size() - 1)).first->second;
}

bool CachedCells::add(std::string_view bytes)
{
    struct Point
    {
        Name name;
        Instant bucket;
        Sums sums;
    };
    std::vector<Point> points; // apart until the last byte made sense
    Reader reader{bytes};
    std::vector<std::uint32_t> numbers;
    for (auto const text : read_texts(reader)) {
        numbers.push_back(number_of(text));
    }
    while (!reader.at_end() && reader.good()) {
        Name name{};
        for (std::size_t part = 0; part + 1 < name.size(); ++part) {
            auto const number = reader.count();
            if (number >= numbers.size()) {
                return false;
            }
            name.at(part) = numbers[number];
        }
        name.back() = static_cast<std::uint32_t>(reader.count());
        for (auto left = reader.count(); left > 0 && reader.good(); --left) {
            auto const bucket = reader.instant();
            points.push_back({name, bucket, read_sums(reader)});
        }
    }
    if (!reader.good()) {
        return false;
    }
    for (auto const &point : points) {
        m_cells[point.name].add(point.bucket, point.sums);
    }
    m_size += points.size();
    return true;
}

void CachedCells::take(OnCell const &on_cell)
{
    for (auto &[name, cell] : m_cells) {
        CellKey key;
        std::size_t part = 0;
        for (auto *text : texts_of(key)) {
            *text = m_texts[name.at(part++)];
        }
        key.backend.guessed = name.back() >= k_guessed;
        key.reason = static_cast<ExclusionReason>(name.back() % k_guessed);
        on_cell(key, std::move(cell));
    }
    m_cells.clear();
    m_numbers.clear();
    m_texts.clear();
    m_size = 0;
}

} // namespace misroute
