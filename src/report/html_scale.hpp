// SPDX-License-Identifier: Apache-2.0
//
// What the pictures of a page share: who has which colour, who has which letter, and where a time lies.
#pragma once

#include "misroute/model/report.hpp"
#include "report/markup.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::html {

/// The colours of everybody who answered, the same all over the page: those of Okabe and Ito, which colour-blind people
/// tell apart. There are seven; everybody after them is grey. Colour never speaks alone: letters, stripes and tables
/// say the same.
class Colors
{
public:
    explicit Colors(Report const &report);
    /// For classes "k0" (plain) and "w0" (striped).
    int of(std::string const &name) const;

private:
    std::map<std::string, int> m_index;
};

/// A capital for each name, as the order of dispatch is written (detect/answered_by.hpp).
std::map<std::string, char> letters_of(std::set<std::string> const &names, Report const &report);

/// From a window to units of a picture.
struct TimeScale
{
    Window window;
    double left = 0;
    double width = 0;

    /// Times outside the window lie on its border.
    double x(Instant at) const;
};

/// The line below a picture over time, with its ticks.
void add_time_axis(Element svg, TimeScale const &scale, double y);

/// A horizontal line with its number.
void add_level(Element svg, TimeScale const &scale, double y, std::string_view label);

/// "plain: claude · striped: kelly": one swatch with a letter for each name, from `left` at height `y`.
struct LegendEntry
{
    std::string name;
    std::string letter;
    int color = 0;
    bool wrong = false;
};
void add_legend(Element svg, std::vector<LegendEntry> const &entries, double left, double y);

/// Height that the legend takes in a picture of 960 units.
double legend_height(std::vector<LegendEntry> const &entries);

} // namespace misroute::html
