// SPDX-License-Identifier: Apache-2.0
#include "misroute/source.hpp"

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
        info.ahead = m_source->ahead();
        return info;
    }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override
    {
        return m_source->tally(window, by.value_or(ByOption{}));
    }
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &which) override
    {
        return m_source->tally_markers(counted, by, which);
    }
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override { return m_source->rows(query, by); }
    DatabaseModels models() override;

private:
    std::shared_ptr<Source> m_source;
};

DatabaseModels LogRows::models()
{
    auto read = m_source->models();
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
