// SPDX-License-Identifier: Apache-2.0
#include "misroute/source.hpp"
#include "source/sql_trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace misroute {

namespace {

class LogRows final : public RowSource
{
public:
    explicit LogRows(std::shared_ptr<Source> source) : m_source{std::move(source)} {}

    Knowledge knows() const override { return Knowledge::everything(); }
    std::optional<SourceInfo> origin() const override
    {
        auto info = m_source->info();
        info.ahead = read_if_possible("the clock of the newest row", [&] { return m_source->ahead(); });
        return info;
    }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override
    {
        m_missed.clear();
        m_window = window;
        return m_source->tally(window, by.value_or(ByOption{}));
    }
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &which) override
    {
        return read_if_possible("fallbacks", [&] { return m_source->tally_markers(counted, by, which); });
    }
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override
    {
        return read_if_possible("single requests", [&] { return m_source->rows(query, by); });
    }
    DatabaseModels models() override;
    std::vector<Gap> missed() const override { return m_missed; }

private:
    /// What was counted is worth more than what is asked afterwards: that is only missed.
    template <typename Read>
    auto read_if_possible(std::string_view what, Read const &read) const -> decltype(read());

    std::shared_ptr<Source> m_source;
    Window m_window{};
    mutable std::vector<Gap> m_missed;
};

template <typename Read>
auto LogRows::read_if_possible(std::string_view what, Read const &read) const -> decltype(read())
{
    try {
        return read();
    } catch (SqlError const &error) {
        if (error.trouble != SqlTrouble::gone && error.trouble != SqlTrouble::timeout &&
            error.trouble != SqlTrouble::locked) {
            throw;
        }
        Gap missed{m_window, fmt::format("counted, but {} could not be read: {}", what, error.what())};
        if (std::ranges::find(m_missed, missed.reason, &Gap::reason) == m_missed.end()) {
            m_missed.push_back(std::move(missed));
        }
        return {};
    }
}

DatabaseModels LogRows::models()
{
    auto read = read_if_possible("models of the database", [&] { return m_source->models(); });
    DatabaseModels models;
    models.readable = read.readable;
    models.models = static_cast<std::int64_t>(read.model_ids.size());
    models.model_ids = {read.model_ids.begin(), read.model_ids.end()};
    for (auto const &name : read.config_params) {
        if (name == "router_settings" || name == "model_list") {
            models.config.push_back(name);
        }
    }
    return models;
}

class DailyRows final : public RowSource
{
public:
    explicit DailyRows(std::shared_ptr<Source> source) : m_source{std::move(source)} {}

    Knowledge knows() const override { return {Known::rows, Known::course}; }
    std::optional<SourceInfo> origin() const override { return m_source->info(); }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override;

private:
    std::shared_ptr<Source> m_source;
};

/// Hosts and keys stand in two relations: without a tag that names a host there is nothing in the first of them.
Tally DailyRows::tally(Window const &window, std::optional<ByOption> const &by)
{
    auto tally = m_source->daily(window, by.value_or(ByOption{}));
    return by || !tally.cells.empty() ? tally : m_source->daily(window, {IssuerKind::key, {}});
}

} // namespace

std::shared_ptr<RowSource> log_rows(std::shared_ptr<Source> source)
{
    return std::make_shared<LogRows>(std::move(source));
}

std::shared_ptr<RowSource> daily_rows(std::shared_ptr<Source> source)
{
    return std::make_shared<DailyRows>(std::move(source));
}

} // namespace misroute
