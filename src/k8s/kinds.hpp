// SPDX-License-Identifier: Apache-2.0
//
// Which kinds of objects are read, as what, and which ones make pods or lead hostnames to them and are not read.
#pragma once

#include "k8s/value.hpp"

#include <string_view>

namespace misroute::k8s {

/// What an object is read as.
enum class Use
{
    workload,
    config_map,
    service,
    slice,
    endpoints,
    route,
    context, ///< what routes refer to
    autoscaler,
    unread, ///< it makes pods or leads hostnames to them, in a way that is not read
    nothing,
};

/// The part of apiVersion before the slash; empty for the core group, and where there is none.
std::string_view group_of(Value const &object);

Use use_of(Value const &object);

} // namespace misroute::k8s
