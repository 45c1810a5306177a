// SPDX-License-Identifier: Apache-2.0
#include "detect/marker_sample.hpp"

#include <gtest/gtest.h>

namespace misroute {
namespace {

CellKey cell_of(std::string const &host, std::string const &model_id)
{
    CellKey key;
    key.host = host;
    key.model_id = model_id;
    return key;
}

struct Stratum
{
    std::string host;
    std::string model_id;
    std::int64_t requests;
};

Examination examined(std::vector<Stratum> const &strata, RowClass row_class = RowClass::foreign)
{
    Examination examination;
    for (auto const &[host, model_id, requests] : strata) {
        IssuerView view;
        view.report.issuer = {IssuerKind::host, host};
        Sums sums;
        sums.requests = requests;
        view.cells.push_back({cell_of(host, model_id), sums, {row_class, {}, {}, {}}});
        examination.issuers.push_back(view);
    }
    return examination;
}

int rate_of(std::vector<Stratum> const &strata)
{
    return sample_rate(foreign_strata(examined(strata)));
}

void count(Tally &tally, CellKey key, ExclusionReason reason, std::int64_t requests)
{
    key.reason = reason;
    Sums sums;
    sums.requests = requests;
    tally.cells[key].add(Instant{}, sums);
}

TEST(MarkerSample, OnlyForeignRequestsOfKnownDeploymentsAreStrata)
{
    auto const strata = foreign_strata(examined({{"a", "d1", 7}, {"b", "d1", 2}, {"b", std::string{k_overflow}, 5}}));
    ASSERT_EQ(strata.size(), 2U);
    EXPECT_EQ(requests_of(strata), 9);
    EXPECT_TRUE(foreign_strata(examined({{"a", "d1", 7}}, RowClass::home)).empty());
}

TEST(MarkerSample, FewRowsAreAllRead)
{
    EXPECT_EQ(rate_of({{"a", "d1", 2'000}}), 1);
    EXPECT_EQ(rate_of({}), 1);
}

TEST(MarkerSample, AsManyRowsAreReadAsTheBudgetAllows)
{
    EXPECT_EQ(rate_of({{"a", "d1", 2'001}}), 2);            // 1,000 rows
    EXPECT_EQ(rate_of({{"a", "d1", 40'960}}), 32);          // 1,280 rows; 1 in 16 would be 2,560
    EXPECT_EQ(rate_of({{"a", "d1", 1'000'000'000}}), 1024); // a million: there is no larger rate
}

TEST(MarkerSample, ManySmallStrataAreAllRead)
{
    std::vector<Stratum> strata;
    for (int i = 0; i < 300; ++i) {
        strata.push_back({"host-" + std::to_string(i), "d1", 100}); // half of that would be 50: not likely enough
    }
    EXPECT_EQ(rate_of(strata), 1);
}

TEST(MarkerSample, BeyondTheBudgetTheCheapestSampleThatDecidesIsTaken)
{
    std::vector<Stratum> strata;
    for (int i = 0; i < 132; ++i) {
        strata.push_back({"host-" + std::to_string(i), "d1", 333}); // a quarter is 83 of each, 11,000 in all
    }
    EXPECT_EQ(rate_of(strata), 4);
}

TEST(MarkerSample, ASmallStratumBesideALargeOneIsReadInFull)
{
    EXPECT_EQ(rate_of({{"a", "d1", 100'000}, {"b", "d1", 100}}), 64); // 1,562 + 1 + 100; 1 in 32 would be over 3,000
}

TEST(MarkerSample, AMarkerOrTooFewRowsLeaveAStratumUndecided)
{
    auto const strata = foreign_strata(
        examined({{"clean", "d1", 10'000}, {"marked", "d1", 10'000}, {"rare", "d1", 60}, {"gone", "d2", 9}}));
    Tally sample;
    count(sample, cell_of("clean", "d1"), ExclusionReason::none, 50);
    count(sample, cell_of("marked", "d1"), ExclusionReason::none, 90);
    count(sample, cell_of("marked", "d1"), ExclusionReason::fallback, 1);
    count(sample, cell_of("rare", "d1"), ExclusionReason::none, 49);
    auto const left = undecided(strata, sample);
    ASSERT_EQ(left.size(), 3U);
    EXPECT_FALSE(left.contains({{IssuerKind::host, "clean"}, "d1"}));
}

TEST(MarkerSample, RowsThatAreExcludedAnywaySayNothing)
{
    auto const strata = foreign_strata(examined({{"a", "d1", 10'000}}));
    Tally sample;
    count(sample, cell_of("a", "d1"), ExclusionReason::cache_hit, 500);
    EXPECT_EQ(undecided(strata, sample).size(), 1U);
}

} // namespace
} // namespace misroute
