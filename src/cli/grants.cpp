// SPDX-License-Identifier: Apache-2.0
//
// misroute grants: the SQL that lets a role read what misroute reads, and no more. It is run by psql, not by misroute,
// which only ever reads.
#include "cli/commands.hpp"
#include "cli/grants_sql.hpp"
#include "cli/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

namespace misroute::cli {

namespace {

struct GrantsFlags
{
    std::string role;
    std::string schema = "public";
    std::string database;
};

/// As psql's \\set takes it. Throws Error for a name that no text file should hold.
std::string psql_quoted(std::string const &name, std::string const &flag)
{
    bool const sound = !name.empty() && name.size() <= 63 && // NAMEDATALEN - 1, in bytes
                       std::ranges::none_of(name, [](unsigned char letter) { return letter < ' ' || letter == 0x7F; });
    if (!sound) {
        throw Error{fmt::format("{} is no name of PostgreSQL's", flag), {}, "give 1 to 63 letters, no line breaks"};
    }
    std::string quoted;
    for (char const letter : name) {
        quoted += letter == '\\' ? "\\\\" : letter == '\'' ? "\\'" : std::string{letter};
    }
    return "'" + quoted + "'";
}

ExitCode run_grants(GrantsFlags const &flags)
{
    auto text = fmt::format("\\set role {}\n\\set schema {}\n", psql_quoted(flags.role, "--role"),
                            psql_quoted(flags.schema, "--schema"));
    text += flags.database.empty() ? "" : fmt::format("\\set database {}\n", psql_quoted(flags.database, "--database"));
    write_stdout(text + std::string{sql::grants});
    return ExitCode::clean;
}

} // namespace

Action add_grants(Arguments arguments)
{
    auto flags = std::make_shared<GrantsFlags>();
    arguments.option("--role", flags->role, "The role that misroute connects as; it is made where it is not there")
        .named("NAME")
        .required();
    arguments.option("--schema", flags->schema, "Where LiteLLM's tables are").named("NAME").with_default();
    arguments.option("--database", flags->database, "Where they are (default: the one that psql connects to)")
        .named("NAME");
    return [flags](Context const &) { return run_grants(*flags); };
}

} // namespace misroute::cli
