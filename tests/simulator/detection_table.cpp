// SPDX-License-Identifier: Apache-2.0
//
// Prints how often misroute is right about simulated traffic: the table of docs/detection.md.
// Usage: detection_table [SEEDS [SCENARIO]], 200 seeds of every scenario unless told. Exits 1 when misroute is less
// often right than it is meant to be.
#include "simulator/score.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

namespace {

using misroute::simulator::Score;

std::string percent(Score::Part const &part)
{
    return part.judged > 0 ? fmt::format("{:.1f} %", 100 * part.share()) : std::string{"-"};
}

void print(std::string_view name, std::string_view what, Score const &score)
{
    auto const error = score.onset_error.empty() ? std::string{"-"} : fmt::format("{}", score.median_onset_error());
    fmt::print("| {} | {} | {} | {} | {} | {} | {} | {} |\n", name, what, percent(score.verdicts), percent(score.cause),
               percent(score.dispatch), error, percent(score.interval), percent(score.ending));
}

bool good_enough(Score const &all)
{
    return all.verdicts.right == all.verdicts.judged && all.median_onset_error() <= 2 && all.cause.share() >= 0.95 &&
           all.dispatch.share() >= 0.95 && all.interval.share() >= 0.95 && all.ending.share() >= 0.95;
}

} // namespace

int main(int argc, char **argv)
{
    int const seeds = argc > 1 ? std::atoi(argv[1]) : 200;
    std::string const only = argc > 2 ? argv[2] : "";
    fmt::print("| scenario | what happens | verdicts | right cause first | dispatch | median onset error | "
               "onset in interval | ongoing or ended |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    Score all;
    for (auto const &scenario : misroute::simulator::scenarios()) {
        if (only.empty() || only == scenario.name) {
            auto const score = misroute::simulator::score(scenario, seeds);
            print(scenario.name, scenario.what, score);
            all += score;
        }
    }
    print("all", fmt::format("{} seeds each", seeds), all);
    return good_enough(all) ? 0 : 1;
}
