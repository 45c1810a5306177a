// SPDX-License-Identifier: Apache-2.0
#include "misroute/version.hpp"

namespace misroute {

std::string_view version()
{
    return MISROUTE_VERSION;
}

} // namespace misroute
