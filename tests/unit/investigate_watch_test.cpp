// SPDX-License-Identifier: Apache-2.0
//
// `check` with a clock and a log of our own.
#include "investigate/watch.hpp"
#include "misroute/model/error.hpp"
#include "simulator/fleet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {
namespace {

using namespace std::chrono_literals;

constexpr Instant k_deploy = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

struct World
{
    Milliseconds now{};
    int connections = 0;
    int refuse = 0; ///< the connection of that number
    int counts = 0;
    int lose = 0; ///< the count of that number
    bool stopped = false;
    std::vector<std::string> warnings;

    Surroundings around();
};

/// A request a second to claude, all at home, of which a look sees those that there are by now.
class GrowingLog final : public RowSource
{
public:
    explicit GrowingLog(World &world) : m_world{world} {}

    Knowledge knows() const override { return {Known::rows, Known::course}; }
    Tally tally(Window const &window, std::optional<ByOption> const & /*by*/) override
    {
        if (++m_world.counts == m_world.lose) {
            throw Error{"the server is gone"};
        }
        Tally tally;
        tally.window = window;
        tally.bucket = bucket_width(window);
        CellKey key;
        key.host = simulator::host_of(simulator::k_claude);
        key.backend = simulator::backend_of(simulator::k_claude);
        for (auto time = k_deploy; time < k_deploy + m_world.now; time += 1s) {
            if (window.contains(time)) {
                tally.cells[key].add(bucket_of(time, tally.bucket), {.requests = 1, .first = time, .last = time});
            }
        }
        return tally;
    }

private:
    World &m_world;
};

Surroundings World::around()
{
    return {[this]() -> std::shared_ptr<RowSource> {
                if (++connections == refuse) {
                    throw Error{"the server is gone"};
                }
                return std::make_shared<GrowingLog>(*this);
            },
            [this] { return now; },
            [this](Milliseconds length) { now += length; },
            [this] { return stopped; },
            [](std::string const &) {},
            [this](std::string const &warning) { warnings.push_back(warning); }};
}

Report watch(World &world, Milliseconds wait)
{
    Fleet fleet;
    fleet.config.expectations = simulator::fleet();
    CheckPlan plan;
    plan.instances = {"claude"};
    return Watch{world.around(), fleet, plan}.run(k_deploy, k_deploy, {wait, 5s, false});
}

// 29 clean requests exclude a share of 10 %, and there is one a second: the look after 30 seconds is the first to see
// them.
TEST(Watch, EndsAsSoonAsTheTrafficDecides)
{
    World world;
    auto const report = watch(world, 5min);
    EXPECT_EQ(report.check->verdict, "pass");
    EXPECT_EQ(report.check->waited_seconds, 30);
}

TEST(Watch, EndsWithoutAVerdictWhenPatienceIsOver)
{
    World world;
    auto const report = watch(world, 12s);
    EXPECT_EQ(report.check->verdict, "inconclusive");
    EXPECT_EQ(report.check->waited_seconds, 12);
}

TEST(Watch, DoesNotStartWithoutADatabase)
{
    World world{.refuse = 1};
    EXPECT_THROW(watch(world, 5min), Error);
}

// The first look counts twice: the day before the deploy, and the time since.
TEST(Watch, ConnectsAgainWhenTheDatabaseIsLostBetweenLooks)
{
    World world{.lose = 3};
    EXPECT_EQ(watch(world, 5min).check->verdict, "pass");
    EXPECT_EQ(world.connections, 2);
    EXPECT_THAT(world.warnings, testing::ElementsAre("the server is gone; looking again"));
}

TEST(Watch, EndsWhenToldTo)
{
    World world{.stopped = true};
    EXPECT_THROW(watch(world, 5min), Error);
}

} // namespace
} // namespace misroute
