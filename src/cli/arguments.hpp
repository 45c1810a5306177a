// SPDX-License-Identifier: Apache-2.0
//
// How a command declares what it takes. The only way to CLI11: it is a slow header, and some of its defaults are traps
// (options that eat the words behind them, groups of options that lose their order and their variables), so one file
// deals with them. Every option that is declared here, and nothing else, has an environment variable: --fail-on reads
// MISROUTE_FAIL_ON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): CLI11's
class App;
class Option;
} // namespace CLI

namespace misroute::cli {

/// One occurrence of an option on the command line.
struct Written
{
    std::string option; ///< its long name without dashes, "format"
    std::string value;
    bool operator==(Written const &) const = default;
};

/// An option that was declared, to say more about it.
class Argument
{
public:
    explicit Argument(CLI::Option &option) : m_option{&option} {}

    Argument &named(std::string const &value); ///< what help calls the value: "FILE"
    Argument &with_default();                  ///< help shows the value the variable has now
    Argument &between(std::int64_t low, std::int64_t high);
    Argument &within(double low, double high);
    Argument &one_of(std::vector<std::string> const &words);
    /// What shells propose for the value; others are taken too.
    Argument &proposing(std::vector<std::string> const &words);
    Argument &excludes(Argument const &other);
    Argument &required();
    Argument &without_variable(); ///< for options whose MISROUTE_… means something else

private:
    CLI::Option *m_option;
};

/// What one_of and proposing have given.
std::vector<std::string> words_of(CLI::Option const &option);

/// The heading of options that have none of their own.
inline constexpr std::string_view k_first_options = "Options";

/// Throws Error of a variable whose value the command's option cannot take. Some versions of CLI11 say so themselves,
/// and others go on as if it were not set.
void expect_usable_variables(CLI::App &command);

/// The heading that an option stands under.
std::string title_of(CLI::Option const &option);

/// A place to declare options at: a command, or a group of its help. The variables are given their values when the
/// command line is read, and must live until then. Names are those of CLI11: "-o,--output"; a positional has no dash.
class Arguments
{
public:
    explicit Arguments(CLI::App &app) : m_app{&app} {}

    /// A heading of the help, a literal; options without one stand first.
    Arguments group(std::string_view title) const;

    Argument option(std::string const &names, std::string &value, std::string const &help);
    Argument option(std::string const &names, int &value, std::string const &help);
    Argument option(std::string const &names, std::int64_t &value, std::string const &help);
    Argument option(std::string const &names, std::size_t &value, std::string const &help);
    Argument option(std::string const &names, double &value, std::string const &help);

    /// May be given several times, with one value each time; a positional takes every word that is left.
    Argument repeated(std::string const &names, std::vector<std::string> &values, std::string const &help);

    /// Likewise, for several options whose order among each other counts: each occurrence is added to `written`. The
    /// long name stands last.
    Argument in_order(std::string const &names, std::vector<Written> &written, std::string const &help);

    Argument flag(std::string const &names, bool &value, std::string const &help);

    /// A flag that counts how often it is given.
    Argument counter(std::string const &names, int &value, std::string const &help);

private:
    Arguments(CLI::App &app, std::string_view title) : m_app{&app}, m_title{title} {}

    CLI::App *m_app;
    std::string_view m_title{k_first_options};
};

} // namespace misroute::cli
