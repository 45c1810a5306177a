// SPDX-License-Identifier: Apache-2.0
#include "k8s/host_pattern.hpp"
#include "k8s/route_kinds.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace misroute::k8s {

namespace {

/// The quoted words behind a parenthesis of a Traefik rule, up to the one that closes it: `a`, "b").
std::vector<std::string> quoted_words(std::string_view text)
{
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size() && text[at] != ')'; ++at) {
        if (std::string_view{"`\"'"}.find(text[at]) == std::string_view::npos) {
            continue;
        }
        auto const close = text.find(text[at], at + 1);
        if (close == std::string_view::npos) {
            break;
        }
        words.emplace_back(text.substr(at + 1, close - at - 1));
        at = close;
    }
    return words;
}

/// The arguments of every `name(…)` of a Traefik rule, without their quotes.
std::vector<std::string> arguments(std::string_view rule, std::string_view name)
{
    std::vector<std::string> result;
    for (auto at = rule.find(name); at != std::string_view::npos; at = rule.find(name, at + 1)) {
        bool const negated = at > 0 && rule[at - 1] == '!';
        std::ranges::move(negated ? std::vector<std::string>{} : quoted_words(rule.substr(at + name.size())),
                          std::back_inserter(result));
    }
    return result;
}

/// The same for each hostname of a Traefik rule; a regular expression that stands for none is kept as such.
RouteBackends per_host(std::string const &rule, RouteBackend const &common)
{
    RouteBackends route_backends;
    auto const add = [&](std::string const &host, std::string const &unread) {
        route_backends.push_back(common);
        route_backends.back().route.host = host;
        route_backends.back().unread_host = unread;
    };
    for (auto const &host : arguments(rule, "Host(")) {
        add(host, {});
    }
    for (auto const &pattern : arguments(rule, "HostRegexp(")) {
        auto const host = host_of_pattern(pattern);
        add(host.value_or(""), host ? "" : pattern);
    }
    if (route_backends.empty()) {
        add({}, {});
    }
    return route_backends;
}

/// The rule without its hostnames and paths, and without what joins them.
std::string conditions_of(std::string rule)
{
    for (std::string_view const call : {"HostRegexp(", "Host(", "PathPrefix("}) {
        for (auto at = rule.find(call); at != std::string::npos; at = rule.find(call, at)) {
            rule.erase(at, std::min(rule.find(')', at), rule.size() - 1) + 1 - at);
        }
    }
    std::erase_if(rule, [](char letter) { return std::string_view{" &|()"}.find(letter) != std::string_view::npos; });
    return rule;
}

} // namespace

RouteBackends read_traefik_route(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto const entry_points = hosts_of(object["spec"]["entryPoints"]);
    common.entrances = {entry_points.begin(), entry_points.end()};
    RouteBackends route_backends;
    for (auto const &route : object["spec"]["routes"].items) {
        auto const &rule = text_of(route["match"]);
        auto const paths = arguments(rule, "PathPrefix(");
        common.route.path = paths.empty() ? std::string{} : paths.front();
        common.conditions = conditions_of(rule);
        auto const hosts = per_host(rule, common);
        for (auto const &service : route["services"].items) {
            for (auto const &one : is_live(service) ? hosts : RouteBackends{}) {
                route_backends.push_back(
                    to_service(one, one.route.host, referred(service, common.route.name.space), {file, route.line}));
            }
        }
    }
    return route_backends;
}

} // namespace misroute::k8s
