// SPDX-License-Identifier: Apache-2.0
//
// LiteLLM hands its DATABASE_URL to Prisma, whose parameters libpq does not know. Operators paste that URL.
#pragma once

#include <string>
#include <string_view>

namespace misroute {

struct DatabaseUrl
{
    std::string conninfo; ///< for libpq
    std::string schema;   ///< Prisma's `schema`; empty when not given
};

/// Translates what libpq calls differently (sslcert, sslaccept), takes `schema` out, drops what only steers Prisma's
/// own pool, and leaves everything else, also "key=value" strings, as it is.
DatabaseUrl parse_database_url(std::string_view url);

} // namespace misroute
