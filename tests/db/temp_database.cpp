// SPDX-License-Identifier: Apache-2.0
#include "db/temp_database.hpp"

#include <pqxx/pqxx>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace misroute::testing {

namespace {

std::string file(std::string const &name)
{
    std::ifstream stream{std::string{MISROUTE_SOURCE_DIR} + "/" + name};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void run_outside(std::string const &sql)
{
    if (std::getenv("PGHOST") == nullptr) { // NOLINT(concurrency-mt-unsafe)
        throw std::runtime_error{"no PostgreSQL: PGHOST is not set; run script/test, or script/with-postgres ctest"};
    }
    pqxx::connection connection{"dbname=postgres"};
    pqxx::nontransaction work{connection};
    work.exec(sql);
}

} // namespace

TempDatabase::TempDatabase()
{
    static int number = 0;
    m_name = "test_" + std::to_string(getpid()) + "_" + std::to_string(number++);
    run_outside("create database " + m_name);
    execute(file("sql/demo/01_schema.sql"));
    execute(file("tests/db/rows.sql"));
}

TempDatabase::~TempDatabase()
{
    run_outside("drop database " + m_name + " with (force)");
}

void TempDatabase::execute(std::string const &sql) const
{
    pqxx::connection connection{url()};
    pqxx::work work{connection};
    work.exec(sql);
    work.commit();
}

std::string TempDatabase::value(std::string const &sql) const
{
    pqxx::connection connection{url()};
    pqxx::work work{connection};
    auto const result = work.exec(sql);
    return result.at(0).at(0).c_str();
}

} // namespace misroute::testing
