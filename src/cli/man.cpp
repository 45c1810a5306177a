// SPDX-License-Identifier: Apache-2.0
//
// misroute man: the manual page of misroute or of one command, for `man -l -` and for packages.
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/model/text.hpp"
#include "misroute/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

namespace {

struct Place
{
    std::string_view path;
    std::string_view meaning;
};

constexpr std::array k_places{
    Place{"misroute.yaml, $XDG_CONFIG_HOME/misroute/config.yaml, /etc/misroute/config.yaml",
          "The configuration where -c names none: the first that exists. ~/.config stands in for XDG_CONFIG_HOME."},
    Place{"$XDG_STATE_HOME/misroute/slices.sqlite",
          "Counts of old slices, which are not asked again. ~/.local/state stands in for XDG_STATE_HOME."},
    Place{"/usr/share/doc/misroute",
          "Every key of the configuration, all rules and causes, the schemas of the JSON, grants.sql and examples."},
};

/// As troff prints it letter by letter; no line of the result is a request.
std::string roff(std::string_view text)
{
    std::string result = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
    for (char const letter : text) {
        switch (letter) {
        case '\\':
            result += "\\e";
            break;
        case '-':
            result += "\\-";
            break;
        case '\'':
            result += "\\(aq";
            break;
        case '`':
            result += "\\(ga";
            break;
        case '^':
            result += "\\(ha";
            break;
        case '~':
            result += "\\(ti";
            break;
        default:
            result += letter;
        }
    }
    return result;
}

std::string example_block(std::string_view lines)
{
    std::string result{".EX\n"};
    for (auto const &line : text::printable_lines(lines)) {
        result += roff(line) + "\n";
    }
    return result + ".EE\n";
}

std::string paragraph(std::string const &label, std::string_view text)
{
    return fmt::format(".TP\n{}\n{}\n", label, roff(text));
}

std::string options_of(OutlinedGroup const &group)
{
    std::string result;
    for (auto const &option : group.options) {
        std::vector<std::string> names;
        for (auto const &name : option.names) {
            names.push_back("\\fB" + roff(name) + "\\fR");
        }
        auto const value = option.value.empty() ? std::string{} : "\\fI" + roff(option.value) + "\\fR";
        result +=
            paragraph(fmt::format("{}{}{}", fmt::join(names, ", "), names.empty() || value.empty() ? "" : " ", value),
                      option.help);
    }
    return result;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return text;
}

/// "misroute", or "misroute-scan".
std::string head_of(std::string const &name, std::string_view help, std::string const &usage)
{
    return fmt::format(
        ".\\\" -*- coding: utf-8 -*-\n.TH {} 1 \"\" \"misroute {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n"
        ".SH SYNOPSIS\n.B {}\n",
        roff(upper(name)), k_version, roff(name), roff(help), roff(usage));
}

std::vector<std::string> command_words()
{
    std::vector<std::string> words;
    for (auto const &command : commands()) {
        words.emplace_back(command.name);
    }
    return words;
}

std::string exit_status()
{
    std::string result{".SH EXIT STATUS\n"};
    for (auto const &row : exit_code_rows()) {
        result += paragraph("\\fB" + std::string{row.code} + "\\fR", row.meaning);
    }
    return result + paragraph("\\fB130\\fR, \\fB143\\fR", "interrupted by SIGINT, SIGTERM");
}

std::string see_also(std::vector<std::string> const &names)
{
    std::vector<std::string> pages;
    pages.reserve(names.size());
    for (auto const &name : names) {
        pages.push_back(fmt::format("\\fB{}\\fR(1)", roff(name)));
    }
    return fmt::format(".SH SEE ALSO\n{}\n", fmt::join(pages, ", "));
}

std::string page_of_command(OutlinedCommand const &command)
{
    auto page = head_of("misroute-" + command.name, command.help, usage_of(command)) + ".SH OPTIONS\n";
    for (auto const &group : command.groups) {
        page += group.title == "Options" ? "" : fmt::format(".SS {}\n", roff(group.title));
        page += options_of(group);
    }
    page += ".SH EXAMPLES\n" + example_block(command.examples) + exit_status();
    page += fmt::format(".SH ENVIRONMENT\n{}\n", roff(about_variables()));
    return page + see_also({"misroute"});
}

std::string page_of_misroute(Outline const &outline)
{
    auto page = head_of("misroute", outline.help, "misroute COMMAND [OPTIONS]");
    page += ".SH DESCRIPTION\nSeveral LiteLLM proxies share one PostgreSQL, each with its own upstream. misroute reads "
            "their spend log, groups requests by the hostname or key that issued them, and says which were answered by "
            "another instance, since when, in what pattern, why, and what fixes it.\n.SH COMMANDS\n";
    std::vector<std::string> pages;
    for (auto const &command : outline.commands) {
        page += paragraph("\\fBmisroute " + roff(command.name) + "\\fR", command.help);
        pages.push_back("misroute-" + command.name);
    }
    page += ".SH OPTIONS\n" + options_of(outline.options) + exit_status();
    page += fmt::format(".SH ENVIRONMENT\n{}\n.SH FILES\n", roff(about_variables()));
    for (auto const &place : k_places) {
        page += paragraph("\\fI" + roff(place.path) + "\\fR", place.meaning);
    }
    return page + see_also(pages);
}

/// Every page as FOLDER/misroute.1, FOLDER/misroute-scan.1, …
ExitCode write_pages(Outline const &all, std::filesystem::path const &folder)
{
    write_file(folder / "misroute.1", page_of_misroute(all));
    for (auto const &command : all.commands) {
        write_file(folder / fmt::format("misroute-{}.1", command.name), page_of_command(command));
    }
    return ExitCode::clean;
}

ExitCode run_man(std::string const &name, std::string const &folder)
{
    auto const all = outline();
    if (!folder.empty()) {
        return write_pages(all, folder);
    }
    if (name.empty()) {
        write_stdout(page_of_misroute(all));
        return ExitCode::clean;
    }
    for (auto const &command : all.commands) {
        if (command.name == name) {
            write_stdout(page_of_command(command));
            return ExitCode::clean;
        }
    }
    auto const near = nearest(name, command_words());
    throw Error{fmt::format("there is no command \"{}\"", name),
                {},
                near.empty() ? fmt::format("use one of: {}", fmt::join(command_words(), ", "))
                             : fmt::format("did you mean \"{}\"?", near)};
}

} // namespace

Action add_man(Arguments arguments)
{
    auto name = std::make_shared<std::string>();
    auto folder = std::make_shared<std::string>();
    auto command = arguments.option("command", *name, "The command; without one the page of misroute itself");
    command.named("COMMAND").proposing(command_words());
    arguments.option("--into", *folder, "Write all pages into this folder").named("PATH").excludes(command);
    return [name, folder](Context const &) { return run_man(*name, *folder); };
}

} // namespace misroute::cli
