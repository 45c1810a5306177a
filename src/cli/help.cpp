// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

#include "cli/outline.hpp"
#include "cli/terminal.hpp"
#include "misroute/model/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string>
#include <string_view>

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

constexpr std::array k_exit_codes{
    ExitCodeRow{"0", "examined, and nothing at or above --fail-on"},
    ExitCodeRow{"1", "findings"},
    ExitCodeRow{"2", "usage, configuration, connection, query, parse or write error"},
    ExitCodeRow{"3", "inconclusive: nothing examined, too little, or incomplete"},
};

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

std::string exit_codes()
{
    std::string result = "Exit codes:\n";
    for (auto const &row : k_exit_codes) {
        result += fmt::format("  {}  {}\n", row.code, row.meaning);
    }
    return result;
}

std::string label_of(OutlinedOption const &option)
{
    if (option.positional) {
        return option.value;
    }
    return fmt::format("{}{}{}", fmt::join(option.names, ", "), option.value.empty() ? "" : " ", option.value);
}

std::string rows_of(OutlinedGroup const &group)
{
    std::string rows;
    for (auto const &option : group.options) {
        rows += row(label_of(option), option.help);
    }
    return rows.empty() ? "" : fmt::format("\n{}:\n{}", group.title, rows);
}

std::string help_of_command(OutlinedCommand const &command)
{
    auto result =
        sentence(command.help) + fmt::format("\nUsage: {}\n\nExamples:\n{}\n", usage_of(command), command.examples);
    for (auto const &group : command.groups) {
        result += rows_of(group);
    }
    return result + fmt::format("\n{}\n{}", exit_codes(), sentence(about_variables()));
}

std::string overview(Outline const &outline)
{
    auto result = sentence(outline.help) + fmt::format("\n{}\n{}\n{}\n", k_quick_start, k_top_examples, exit_codes());
    result += "Commands (\"misroute help COMMAND\" shows all of one):\n";
    for (auto const &command : outline.commands) {
        result += row(command.name, command.help);
    }
    return result + rows_of(outline.options);
}

class Help : public CLI::Formatter
{
public:
    std::string make_help(CLI::App const *app, std::string /*name*/, CLI::AppFormatMode mode) const override
    {
        if (app->get_parent() != nullptr) {
            return help_of_command(outlined_command(*app));
        }
        auto const outline = outline_of(*app);
        auto result = overview(outline);
        if (mode == CLI::AppFormatMode::All) {
            for (auto const &command : outline.commands) {
                result += fmt::format("\n--- misroute {} ---\n\n{}", command.name, help_of_command(command));
            }
        }
        return result;
    }
};

} // namespace

std::span<ExitCodeRow const> exit_code_rows()
{
    return k_exit_codes;
}

std::string_view about_variables()
{
    return "Every option has an environment variable: --fail-on is MISROUTE_FAIL_ON.";
}

std::shared_ptr<CLI::FormatterBase> help_formatter()
{
    return std::make_shared<Help>();
}

} // namespace misroute::cli
