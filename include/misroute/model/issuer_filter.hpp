// SPDX-License-Identifier: Apache-2.0
//
// Which rows belong to an issuer, in terms that a database can be asked in. The answer may hold more than asked for
// (a hostname's spelling); the reader compares again.
#pragma once

#include "misroute/model/backend.hpp"

#include <string>
#include <vector>

namespace misroute {

struct IssuerFilter
{
    Issuer issuer;
    std::vector<std::string> keys; ///< for IssuerKind::key: every api_key that goes by the issuer's name
};

} // namespace misroute
