// SPDX-License-Identifier: Apache-2.0
#include "k8s/route_kinds.hpp"

namespace misroute::k8s {

RouteBackends read_openshift_route(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto const &spec = object["spec"];
    common.route.path = text_of(spec["path"]);
    std::vector<Value const *> targets{&spec["to"]};
    for (auto const &other : spec["alternateBackends"].items) {
        targets.push_back(&other);
    }
    RouteBackends route_backends;
    for (auto const *const target : targets) {
        if (is_live(*target)) {
            route_backends.push_back(to_service(common, text_of(spec["host"]), referred({}, common.route.name.space),
                                                {file, spec["to"].line}));
            route_backends.back().service.name = text_of((*target)["name"]);
        }
    }
    return route_backends;
}

} // namespace misroute::k8s
