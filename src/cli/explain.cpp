// SPDX-License-Identifier: Apache-2.0
#include "cli/explain.hpp"

#include "cli/output.hpp"
#include "cli/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

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
    std::string text{"Rules and causes; \"misroute explain NAME\" prints the page of one.\n\n"};
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
    auto const pages = embedded::pages();
    auto const page =
        std::find_if(pages.begin(), pages.end(), [&](embedded::Page const &known) { return known.name == name; });
    if (page == pages.end()) {
        std::vector<std::string> names;
        for (auto const &known : pages) {
            names.emplace_back(known.name);
        }
        auto const near = nearest(name, names);
        throw Error{fmt::format("no rule or cause is called \"{}\"", name),
                    {},
                    near.empty() ? "\"misroute explain\" lists them" : fmt::format("did you mean \"{}\"?", near)};
    }
    write_stdout(std::string{page->text});
    return ExitCode::clean;
}

} // namespace

Action add_explain(CLI::App &app)
{
    auto name = std::make_shared<std::string>();
    app.add_option("name", *name, "Rule or cause; without one all are listed")->type_name("RULE|CAUSE");
    return [name](Context const &) { return run_explain(*name); };
}

} // namespace misroute::cli
