// SPDX-License-Identifier: Apache-2.0
//
// render_sample FORMAT SAMPLE [EXIT_CODE]: prints a sample report in a format, for the independent readers beside
// this file. Without arguments it prints the names of the samples, one a line.
#include "misroute/report.hpp"
#include "unit/samples.hpp"

#include <algorithm>
#include <iostream>
#include <span>

namespace {

using namespace misroute;

int print(std::string_view format_name, std::string_view sample_name, int exit_code)
{
    auto const *const format = find_format(format_name);
    auto const &all = samples::all();
    auto const sample =
        std::find_if(all.begin(), all.end(), [&](samples::Sample const &known) { return known.name == sample_name; });
    if (format == nullptr || sample == all.end()) {
        std::cerr << "render_sample: no such format or sample: " << format_name << ' ' << sample_name << '\n';
        return 2;
    }
    std::cout << format->render(sample->make(), {.exit_code = exit_code});
    return 0;
}

} // namespace

int main(int argc, char const *const *argv)
{
    std::span const arguments{argv, static_cast<std::size_t>(argc)};
    if (arguments.size() < 3) {
        for (auto const &sample : samples::all()) {
            std::cout << sample.name << '\n';
        }
        return 0;
    }
    return print(arguments[1], arguments[2], arguments.size() > 3 ? std::stoi(arguments[3]) : 0);
}
