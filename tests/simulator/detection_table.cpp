// SPDX-License-Identifier: Apache-2.0
//
// Prints how often misroute is right about simulated traffic: the table of docs/detection.md.
// Usage: detection_table [SEEDS [SCENARIO]], 200 seeds of every scenario unless told. Exits 1 when misroute is less
// often right than it is meant to be (the cause in every single scenario), or when nothing was judged for a figure.
#include "simulator/score.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

namespace {

using misroute::simulator::Score;

std::string percent(Score::Part const &part)
{
    auto const share = part.share();
    return share ? fmt::format("{:.1f} %", 100 * *share) : std::string{"-"};
}

void print(std::string_view name, std::string_view what, Score const &score)
{
    auto const median = score.median_onset_error();
    auto const error = median ? fmt::format("{}", *median) : std::string{"-"};
    fmt::print("| {} | {} | {} | {} | {} | {} | {} | {} |\n", name, what, percent(score.verdicts), percent(score.cause),
               percent(score.dispatch), error, percent(score.interval), percent(score.ending));
}

constexpr int k_most_onset_error = 2; // requests

bool held(Score::Part const &part)
{
    return part.share().value_or(0) >= 0.95;
}

bool good_enough(Score const &all)
{
    return all.verdicts.right == all.verdicts.judged && held(all.cause) && held(all.dispatch) && held(all.interval) &&
           held(all.ending) && all.median_onset_error().value_or(k_most_onset_error + 1) <= k_most_onset_error;
}

} // namespace

int main(int argc, char **argv)
{
    int const seeds = argc > 1 ? std::atoi(argv[1]) : 200;
    std::string const only = argc > 2 ? argv[2] : "";
    fmt::print("| scenario | what happens | verdicts | right cause first | dispatch | median onset error | "
               "onset in interval | ongoing or ended |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    Score all;
    bool each = true;
    for (auto const &scenario : misroute::simulator::scenarios()) {
        if (only.empty() || only == scenario.name) {
            auto const score = misroute::simulator::score(scenario, seeds);
            print(scenario.name, scenario.what, score);
            all += score;
            each = each && held(score.cause);
        }
    }
    print("all", fmt::format("{} seeds each", seeds), all);
    return each && good_enough(all) ? 0 : 1;
}
