// SPDX-License-Identifier: Apache-2.0
//
// A database of its own for a test, on the server of PG*, with LiteLLM's tables and add_row(). Fails, never skips,
// when there is no server.
#pragma once

#include <string>
#include <string_view>

namespace misroute::testing {

class TempDatabase
{
public:
    TempDatabase();
    ~TempDatabase();
    TempDatabase(TempDatabase const &) = delete;
    TempDatabase &operator=(TempDatabase const &) = delete;

    void execute(std::string const &sql) const;
    std::string value(std::string const &sql) const; ///< the only field of the only row
    std::string url() const { return "dbname=" + m_name; }

private:
    std::string m_name;
};

} // namespace misroute::testing
