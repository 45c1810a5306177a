// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "misroute/model/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

namespace {

constexpr std::size_t k_label_columns = 30; // "  --statement-timeout DURATION" just fits

constexpr std::string_view k_quick_start = R"(Quick start:
  misroute doctor --db "$DATABASE_URL"         can this database be read?
  misroute init --db "$DATABASE_URL" -o misroute.yaml
                                               a first configuration, from clean traffic
  misroute scan --db "$DATABASE_URL"           who was answered by the wrong instance?
)";

constexpr std::string_view k_top_examples = R"(Examples:
  misroute scan --since 7d --format json -o report.json
  misroute trace host:claude.goodvision.tech   one issuer's requests in order
  kubectl kustomize deploy/ | misroute k8s -   before a deploy: does a Service select foreign pods?
  misroute check --since 1m --wait 5m          after a deploy: pass, fail or "cannot tell"
)";

constexpr std::string_view k_exit_codes = R"(Exit codes:
  0  examined, and nothing at or above --fail-on
  1  findings
  2  usage, configuration, connection, query, parse or write error
  3  inconclusive: nothing examined, too little, or incomplete
)";

constexpr std::string_view k_variables = "Every option has an environment variable: --fail-on is MISROUTE_FAIL_ON.";

std::size_t columns()
{
    return static_cast<std::size_t>(render_options(Stream::out, "never").width);
}

std::string sentence(std::string_view text)
{
    std::string result;
    for (auto const &line : text::wrapped(text, columns())) {
        result += line + "\n";
    }
    return result;
}

/// A label, and its text beside it, or below where the label is too long.
std::string row(std::string const &label, std::string_view text)
{
    auto const lines = text::wrapped(text, columns() - k_label_columns - 2);
    std::string result = "  " + text::padded(label, k_label_columns);
    bool const below = text::width(label) >= k_label_columns;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        result += i == 0 && !below ? "" : "\n" + std::string(k_label_columns + 2, ' ');
        result += lines[i];
    }
    return result + "\n";
}

std::string label_of(CLI::Option const &option)
{
    auto const name = option.get_positional() ? option.get_name(true, false) : option.get_name(false, true);
    auto const type = option.get_positional() || option.get_type_size() == 0 ? std::string{} : option.get_type_name();
    auto label = name + (type.empty() ? "" : " " + type);
    auto const comma = label.find(',');
    return comma == std::string::npos ? label : label.replace(comma, 1, ", ");
}

std::string text_of(CLI::Option const &option)
{
    auto const standard = option.get_default_str();
    return option.get_description() + (standard.empty() ? "" : fmt::format(" (default: {})", standard));
}

std::string rows_of(std::string const &title, CLI::App const &app)
{
    std::string rows;
    auto options = app.get_options();
    std::ranges::stable_partition(options, [&](auto const *option) { return option != app.get_help_ptr(); });
    std::ranges::stable_partition(options, [](auto const *option) { return option->get_positional(); });
    for (auto const *option : options) {
        rows += row(label_of(*option), text_of(*option));
    }
    return rows.empty() ? "" : fmt::format("\n{}:\n{}", title, rows);
}

/// Groups of options are commands without a name to CLI11. What is rarely needed stands last.
std::vector<CLI::App const *> groups_of(CLI::App const &app)
{
    auto groups = app.get_subcommands([](CLI::App const *sub) { return sub->get_name().empty(); });
    std::ranges::stable_partition(groups, [](CLI::App const *group) { return group->get_group() != k_rare_options; });
    return groups;
}

std::string usage_of(CLI::App const &app)
{
    std::string usage = fmt::format("Usage: misroute {} [OPTIONS]", app.get_name());
    for (auto const *option : app.get_options([](CLI::Option const *one) { return one->get_positional(); })) {
        auto const name = option->get_name(true, false);
        usage += option->get_required() ? " " + name : fmt::format(" [{}]", name);
        usage += option->get_expected_max() > 1 ? "..." : "";
    }
    return usage;
}

std::string help_of_command(CLI::App const &app)
{
    auto result = sentence(app.get_description()) + "\n" + usage_of(app) + "\n\nExamples:\n" + app.get_footer() + "\n";
    result += rows_of("Options", app);
    for (auto const *group : groups_of(app)) {
        result += rows_of(group->get_group(), *group);
    }
    return result + fmt::format("\n{}\n{}", k_exit_codes, sentence(k_variables));
}

std::string overview(CLI::App const &app)
{
    auto result =
        sentence(app.get_description()) + fmt::format("\n{}\n{}\n{}\n", k_quick_start, k_top_examples, k_exit_codes);
    result += "Commands (\"misroute help COMMAND\" shows all of one):\n";
    for (auto const *command : app.get_subcommands({})) {
        result += row(command->get_name(), command->get_description());
    }
    return result + rows_of("Options", app);
}

class Help : public CLI::Formatter
{
public:
    std::string make_help(CLI::App const *app, std::string /*name*/, CLI::AppFormatMode mode) const override
    {
        if (app->get_parent() != nullptr) {
            return help_of_command(*app);
        }
        auto result = overview(*app);
        for (auto const *command : mode == CLI::AppFormatMode::All ? app->get_subcommands({}) : k_none) {
            result += fmt::format("\n--- misroute {} ---\n\n{}", command->get_name(), help_of_command(*command));
        }
        return result;
    }

private:
    std::vector<CLI::App const *> k_none;
};

} // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter()
{
    return std::make_shared<Help>();
}

} // namespace misroute::cli
