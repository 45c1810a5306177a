// SPDX-License-Identifier: Apache-2.0
//
// misroute explain: what a rule or a cause means, how it is found, what it is confused with, how to fix and silence it;
// and every key of the configuration.
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace misroute::cli {

namespace {

/// The first line of a page, without its heading mark: "provider-mismatch: answered by …".
std::string_view title(embedded::Page const &page)
{
    auto line = page.text.substr(0, page.text.find('\n'));
    line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
    return line;
}

std::string list()
{
    std::string text{"Rules, causes and the configuration; \"misroute explain NAME\" prints the page of one.\n\n"};
    for (auto const &page : embedded::pages()) {
        auto const heading = title(page);
        text += heading.starts_with(page.name) ? fmt::format("  {}\n", heading)
                                               : fmt::format("  {}: {}\n", page.name, heading);
    }
    return text;
}

ExitCode run_explain(std::string const &name)
{
    if (name.empty()) {
        write_stdout(list());
        return ExitCode::clean;
    }
    std::string text; // a rule and a cause may share a name
    std::vector<std::string> names;
    for (auto const &page : embedded::pages()) {
        names.emplace_back(page.name);
        if (page.name == name) {
            text += (text.empty() ? "" : "\n") + std::string{page.text};
        }
    }
    if (text.empty()) {
        auto const near = nearest(name, names);
        throw Error{fmt::format("no page is called \"{}\"", name),
                    {},
                    near.empty() ? "\"misroute explain\" lists them" : fmt::format("did you mean \"{}\"?", near)};
    }
    write_stdout(text);
    return ExitCode::clean;
}

} // namespace

Action add_explain(Arguments arguments)
{
    auto name = std::make_shared<std::string>();
    std::vector<std::string> names;
    for (auto const &page : embedded::pages()) {
        names.emplace_back(page.name);
    }
    arguments.option("name", *name, "Rule, cause, or configuration; without one all are listed")
        .named("RULE|CAUSE")
        .proposing(names);
    return [name](Context const &) { return run_explain(*name); };
}

} // namespace misroute::cli
