// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hpp"

#include "misroute/model/error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <functional>

namespace misroute::cli {

namespace {

/// "fail-on" → "MISROUTE_FAIL_ON".
std::string variable_of(std::string const &long_name)
{
    std::string variable = "MISROUTE_" + long_name;
    std::transform(variable.begin(), variable.end(), variable.begin(),
                   [](unsigned char letter) { return letter == '-' ? '_' : static_cast<char>(std::toupper(letter)); });
    return variable;
}

Argument declared(CLI::Option &option, std::string_view title)
{
    option.group(std::string{title});
    if (!option.get_lnames().empty()) {
        option.envname(variable_of(option.get_lnames().front()));
    }
    return Argument{option};
}

/// CLI11 makes options of vectors take every word up to the next option, and positionals among them.
CLI::Option &one_value_each_time(CLI::Option &option)
{
    option.expected(1);
    option.multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    option.allow_extra_args(false);
    return option;
}

/// What one of the option's checks has against a value; empty when all take it.
std::string complaint_about(CLI::Option &option, std::string value)
{
    try {
        for (int index = 0;; ++index) {
            if (auto complaint = (*option.get_validator(index))(value); !complaint.empty()) {
                return complaint;
            }
        }
    } catch (CLI::OptionNotFound const &) { // there is no way to ask how many checks an option has
        return {};
    }
}

} // namespace

void expect_usable_variables(CLI::App &command)
{
    auto const unread = command.get_options(
        [](CLI::Option const *option) { return option->count() == 0 && !option->get_envname().empty(); });
    for (auto *option : unread) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): read before any thread starts
        char const *const value = std::getenv(option->get_envname().c_str());
        auto const complaint = value == nullptr || *value == '\0' ? std::string{} : complaint_about(*option, value);
        if (!complaint.empty()) {
            throw Error{fmt::format("{}: {}", option->get_name(false, true), complaint),
                        {},
                        fmt::format("it comes from {}; \"misroute {} --help\" shows what is possible",
                                    option->get_envname(), command.get_name())};
        }
    }
}

Argument &Argument::named(std::string const &value)
{
    m_option->type_name(value);
    return *this;
}

Argument &Argument::with_default()
{
    m_option->capture_default_str();
    return *this;
}

Argument &Argument::between(std::int64_t low, std::int64_t high)
{
    m_option->check(CLI::Range(low, high).description(""));
    m_option->description(fmt::format("{}, {} to {}", m_option->get_description(), low, high));
    return *this;
}

Argument &Argument::within(double low, double high)
{
    m_option->check(CLI::Range(low, high).description(""));
    m_option->check([low, high](std::string const &text) { // to CLI11, NaN is inside of every range
        double value = 0;
        return CLI::detail::lexical_cast(text, value) && std::isnan(value)
                   ? fmt::format("Value {} not in range [{} - {}]", text, low, high)
                   : std::string{};
    });
    m_option->description(fmt::format("{}, {} to {}", m_option->get_description(), low, high));
    return *this;
}

Argument &Argument::one_of(std::vector<std::string> const &words)
{
    m_option->check(CLI::IsMember(words).description(""));
    m_option->description(fmt::format("{}: {}", m_option->get_description(), fmt::join(words, ", ")));
    return proposing(words);
}

Argument &Argument::proposing(std::vector<std::string> const &words)
{
    m_option->option_text(fmt::format("{}", fmt::join(words, "\n"))); // CLI11's own help would print it; ours does not
    return *this;
}

Argument &Argument::excludes(Argument const &other)
{
    m_option->excludes(other.m_option);
    return *this;
}

Argument &Argument::required()
{
    m_option->required();
    return *this;
}

Argument &Argument::without_variable()
{
    m_option->envname({});
    return *this;
}

std::vector<std::string> words_of(CLI::Option const &option)
{
    auto const &text = option.get_option_text();
    return text.empty() ? std::vector<std::string>{} : CLI::detail::split(text, '\n');
}

std::string title_of(CLI::Option const &option)
{
    return option.get_group();
}

// A group of CLI11's own would be a command without a name in which, from version 2.4 on, no variable is read.
Arguments Arguments::group(std::string_view title) const
{
    return {*m_app, title};
}

Argument Arguments::option(std::string const &names, std::string &value, std::string const &help)
{
    return declared(*m_app->add_option(names, value, help), m_title);
}

Argument Arguments::option(std::string const &names, int &value, std::string const &help)
{
    return declared(*m_app->add_option(names, value, help)->type_name("NUMBER"), m_title);
}

Argument Arguments::option(std::string const &names, std::int64_t &value, std::string const &help)
{
    return declared(*m_app->add_option(names, value, help)->type_name("NUMBER"), m_title);
}

Argument Arguments::option(std::string const &names, std::size_t &value, std::string const &help)
{
    return declared(*m_app->add_option(names, value, help)->type_name("NUMBER"), m_title);
}

Argument Arguments::option(std::string const &names, double &value, std::string const &help)
{
    return declared(*m_app->add_option(names, value, help)->type_name("NUMBER"), m_title);
}

Argument Arguments::repeated(std::string const &names, std::vector<std::string> &values, std::string const &help)
{
    auto &option = *m_app->add_option(names, values, help);
    return declared(option.get_positional() ? option : one_value_each_time(option), m_title);
}

Argument Arguments::in_order(std::string const &names, std::vector<Written> &written, std::string const &help)
{
    auto const name = names.substr(names.find("--") + 2);
    std::function<void(std::string const &)> const add = [&written, name](std::string const &value) {
        written.push_back({name, value});
    };
    return declared(*m_app->add_option_function(names, add, help)->trigger_on_parse(), m_title);
}

Argument Arguments::flag(std::string const &names, bool &value, std::string const &help)
{
    return declared(*m_app->add_flag(names, value, help), m_title);
}

Argument Arguments::counter(std::string const &names, int &value, std::string const &help)
{
    auto &option = *m_app->add_flag(names, value, help);
    option.default_str({}); // some versions of CLI11 call it 0
    return declared(option, m_title);
}

} // namespace misroute::cli
