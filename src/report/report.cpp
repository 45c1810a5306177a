// SPDX-License-Identifier: Apache-2.0
#include "misroute/report.hpp"

#include "report/json.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

// The order is that of --help and of the documentation.
constexpr std::array k_formats{
    Format{.name = "table",
           .extension = ".txt",
           .help = "for people: verdict, proof, cause, remedy",
           .render = render_table},
    Format{
        .name = "json", .extension = ".json", .help = "for programs: docs/report.schema.json", .render = render_json},
};

} // namespace

std::span<Format const> formats()
{
    return k_formats;
}

Format const *find_format(std::string_view name)
{
    auto const *const found = std::ranges::find(k_formats, name, &Format::name);
    return found == k_formats.end() ? nullptr : found;
}

} // namespace misroute
