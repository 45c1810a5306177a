// SPDX-License-Identifier: Apache-2.0
#include "source/database_url.hpp"

#include <gtest/gtest.h>

#include <array>

namespace misroute {
namespace {

struct Case
{
    char const *name;
    std::string_view given;
    std::string_view conninfo;
    std::string_view schema = {};
};

// What libpq knows is its manual's, 34.1.2 "Parameter Key Words"; what Prisma knows is its "PostgreSQL connector".
constexpr std::array<Case, 20> k_cases{{
    {"empty", "", ""},
    {"key_value", "host=db dbname=litellm?schema=x", "host=db dbname=litellm?schema=x"},
    {"service", "service=litellm", "service=litellm"},
    {"plain", "postgresql://u:p@db:5432/litellm", "postgresql://u:p@db:5432/litellm"},
    {"short_scheme", "postgres://u@db/litellm?schema=s", "postgres://u@db/litellm", "s"},
    {"other_scheme_is_left_alone", "prisma://db/?api_key=k", "prisma://db/?api_key=k"},
    {"nothing_after_the_question_mark", "postgresql://db/litellm?", "postgresql://db/litellm"},
    {"schema_alone", "postgresql://db/litellm?schema=public", "postgresql://db/litellm", "public"},
    {"schema_first", "postgresql://db/l?schema=s&sslmode=require", "postgresql://db/l?sslmode=require", "s"},
    {"schema_last", "postgresql://db/l?sslmode=require&schema=s", "postgresql://db/l?sslmode=require", "s"},
    {"schema_is_unescaped", "postgresql://db/l?schema=Lite%20LLM%c3%A4", "postgresql://db/l", "Lite LLM\xc3\xa4"},
    {"a_percent_that_escapes_nothing", "postgresql://db/l?schema=100%&x=1", "postgresql://db/l?x=1", "100%"},
    {"half_an_escape_at_the_end", "postgresql://db/l?schema=a%4", "postgresql://db/l", "a%4"},
    {"the_last_schema_counts", "postgresql://db/l?schema=a&schema=b", "postgresql://db/l", "b"},
    {"what_steers_prismas_pool",
     "postgresql://db/l?connection_limit=5&pool_timeout=2&pgbouncer=true&socket_timeout=3&statement_cache_size=0"
     "&single_use_connections=true&sslidentity=id.p12",
     "postgresql://db/l"},
    {"connect_timeout_is_libpqs_too", "postgresql://db/l?connect_timeout=3&pgbouncer=true",
     "postgresql://db/l?connect_timeout=3"},
    {"sslcert_is_the_authoritys", "postgresql://db/l?sslcert=ca.pem", "postgresql://db/l?sslrootcert=ca.pem"},
    {"sslaccept_strict", "postgresql://db/l?sslaccept=strict", "postgresql://db/l?sslmode=verify-full"},
    {"sslaccept_anything_else", "postgresql://db/l?sslaccept=accept_invalid_certs&a=b", "postgresql://db/l?a=b"},
    {"empty_parameters", "postgresql://db/l?&&sslmode=require&", "postgresql://db/l?sslmode=require"},
}};

class DatabaseUrls : public testing::TestWithParam<Case>
{
};

TEST_P(DatabaseUrls, BecomeWhatLibpqKnows)
{
    auto const read = parse_database_url(GetParam().given);
    EXPECT_EQ(read.conninfo, GetParam().conninfo);
    EXPECT_EQ(read.schema, GetParam().schema);
}

INSTANTIATE_TEST_SUITE_P(OfPrisma, DatabaseUrls, testing::ValuesIn(k_cases),
                         [](testing::TestParamInfo<Case> const &test) { return std::string{test.param.name}; });

} // namespace
} // namespace misroute
