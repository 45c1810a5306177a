// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

namespace misroute::cli {

namespace {

std::vector<std::string> command_names()
{
    std::vector<std::string> names;
    for (auto const &command : commands()) {
        names.emplace_back(command.name);
    }
    return names;
}

bool is_option(std::string const &word)
{
    return word.size() > 1 && word.starts_with('-');
}

/// "since" for every option of the command.
std::vector<std::string> flag_names(CLI::App const &app)
{
    std::vector<std::string> names;
    for (auto const *option : app.get_options()) {
        for (auto const &name : option->get_lnames()) {
            names.push_back(name);
        }
    }
    return names;
}

/// `misroute help scan` is `misroute scan --help`.
std::vector<std::string> without_help_verb(std::vector<std::string> words)
{
    if (words.empty() || words.front() != "help") {
        return words;
    }
    words.erase(words.begin());
    words.resize(std::min<std::size_t>(words.size(), 1));
    words.emplace_back("--help");
    return words;
}

void expect_known_command(std::string const &word)
{
    auto const names = command_names();
    if (is_option(word) || std::find(names.begin(), names.end(), word) != names.end()) {
        return;
    }
    auto const near = nearest(word, names);
    throw Error{fmt::format("there is no command \"{}\"", word),
                {},
                near.empty() ? fmt::format("use one of: {}", fmt::join(names, ", "))
                             : fmt::format("did you mean \"misroute {}\"?", near)};
}

/// What is told of a word that the command does not know.
Error unexpected(std::string const &given, CLI::App const &chosen, std::string const &help)
{
    if (!is_option(given)) {
        return Error{fmt::format("unexpected word \"{}\"", given), {}, help};
    }
    auto const word = given.substr(0, given.find('='));
    auto const near =
        nearest(std::string_view{word}.substr(std::min(word.find_first_not_of('-'), word.size())), flag_names(chosen));
    return Error{fmt::format("unknown option \"{}\"", word),
                 {},
                 near.empty() ? help : fmt::format("did you mean \"--{}\"?", near)};
}

Error usage_error(CLI::App const &app, CLI::ParseError const &error)
{
    auto const subcommands = app.get_subcommands();
    auto const &chosen = subcommands.empty() ? app : *subcommands.front();
    auto const help =
        fmt::format("\"misroute{} --help\" shows what is possible", subcommands.empty() ? "" : " " + chosen.get_name());
    auto const left = app.remaining(true);
    auto const option = std::find_if(left.begin(), left.end(), is_option);
    if (!left.empty()) {
        return unexpected(option == left.end() ? left.front() : *option, chosen, help);
    }
    return Error{error.what(), {}, help};
}

ExitCode asked_for(CLI::App const &app, CLI::ParseError const &request)
{
    bool const all = dynamic_cast<CLI::CallForAllHelp const *>(&request) != nullptr;
    bool const help = all || dynamic_cast<CLI::CallForHelp const *>(&request) != nullptr;
    write_stdout(help ? app.help({}, all ? CLI::AppFormatMode::All : CLI::AppFormatMode::Normal)
                      : request.what() + std::string{"\n"});
    return ExitCode::clean;
}

/// Declares all commands; what runs the one that is chosen is put into `chosen`.
std::unique_ptr<CLI::App> declared_app(std::shared_ptr<Action> const &chosen)
{
    auto app = std::make_unique<CLI::App>(
        "Finds LiteLLM requests that entered at one instance and were answered by another.", "misroute");
    app->formatter(help_formatter());
    std::string const title{k_first_options}; // CLI11's own is spelled differently in its versions
    app->set_version_flag("--version", std::string{k_version_text}, "Show the version")->group(title);
    app->set_help_flag("-h,--help", "Show this help")->group(title);
    app->set_help_all_flag("--help-all", "Show the help of all commands")->group(title);
    app->require_subcommand(1);
    for (auto const &command : commands()) {
        auto *sub = app->add_subcommand(std::string{command.name}, std::string{command.help});
        sub->set_help_all_flag();
        sub->footer(std::string{command.examples});
        sub->callback([chosen, action = command.add(Arguments{*sub})] { *chosen = action; });
    }
    return app;
}

} // namespace

Outline outline()
{
    return outline_of(*declared_app(std::make_shared<Action>()));
}

ExitCode run_command_line(std::vector<std::string> words, Context const &context)
{
    auto const chosen = std::make_shared<Action>();
    auto const app = declared_app(chosen);
    if (words.empty()) {
        write_stdout(app->help());
        return ExitCode::failure; // a cron job that lost its arguments must not look clean
    }
    words = without_help_verb(std::move(words));
    expect_known_command(words.front());
    try {
        std::reverse(words.begin(), words.end()); // CLI11 takes them from the end
        app->parse(std::move(words));
        for (auto *command : app->get_subcommands()) {
            expect_usable_variables(*command);
        }
    } catch (CLI::ParseError const &error) {
        if (error.get_exit_code() == 0) {
            return asked_for(*app, error);
        }
        throw usage_error(*app, error);
    }
    return (*chosen)(context);
}

} // namespace misroute::cli
