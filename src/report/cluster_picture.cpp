// SPDX-License-Identifier: Apache-2.0
#include "report/cluster_picture.hpp"

#include "detect/cluster_shares.hpp"
#include "detect/cluster_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// More workloads than this behind one Service are counted, not drawn.
constexpr std::size_t k_most_workloads = 20;

std::vector<std::size_t> routes_to(Cluster const &cluster, std::size_t service)
{
    std::vector<std::size_t> routes;
    for (std::size_t index = 0; index < cluster.routes.size(); ++index) {
        if (cluster.routes[index].service == service) {
            routes.push_back(index);
        }
    }
    return routes;
}

std::string endpoints_text(Service const &service)
{
    return service.endpoints ? ", " + text::counted(*service.endpoints, "ready endpoint") : std::string{};
}

std::string served_text(Workload const &workload)
{
    std::string text;
    for (auto const &served : workload.serves) {
        text += (text.empty() ? "" : ", ") + served.text();
    }
    return text;
}

void draw_workload(TextCanvas &canvas, Cluster const &cluster, Service const &service, Workload const &workload)
{
    bool const foreign = is_foreign(cluster, {}, service.instance, workload);
    auto const style = foreign ? Style::bad : workload.instance.empty() ? Style::dim : Style::good;
    auto const mark = foreign ? canvas.either("✗ ", "x ") : std::string_view{"  "};
    canvas.line(4, {{std::string{canvas.either("└ ", "- ")}, Style::dim},
                    {std::string{mark}, style},
                    {fmt::format("{} {}", workload.kind, workload.name.name), style},
                    {fmt::format("  {}  {}", text::counted(workload.replicas, "replica"),
                                 workload.instance.empty() ? "no LiteLLM" : workload.instance),
                     style},
                    {"  " + served_text(workload), Style::dim}});
}

void draw_service(TextCanvas &canvas, Cluster const &cluster, std::size_t index)
{
    auto const &service = cluster.services[index];
    for (auto const route : routes_to(cluster, index)) {
        auto const &from = cluster.routes[route];
        canvas.line(0, {{from.host, Style::strong},
                        {"  " + object_text(from.kind, from.name), Style::dim},
                        {from.instance.empty() ? std::string{} : "  " + from.instance}});
    }
    canvas.line(2, {{std::string{canvas.either("└ ", "- ")}, Style::dim},
                    {object_text("Service", service.name)},
                    {fmt::format("  {}{}", selector_text(service.selector), endpoints_text(service)), Style::dim}});
    for (std::size_t drawn = 0; drawn < std::min(service.workloads.size(), k_most_workloads); ++drawn) {
        draw_workload(canvas, cluster, service, cluster.workloads[service.workloads[drawn]]);
    }
    if (service.workloads.size() > k_most_workloads) {
        canvas.line(6, {{fmt::format("and {} more", service.workloads.size() - k_most_workloads), Style::dim}});
    }
    if (service.workloads.empty()) {
        canvas.line(4, {{"nothing", Style::warn}});
    }
    canvas.blank();
}

} // namespace

void draw_cluster(TextCanvas &canvas, Cluster const &cluster)
{
    for (std::size_t index = 0; index < cluster.services.size(); ++index) {
        bool const routed = !cluster.services[index].instance.empty() && !routes_to(cluster, index).empty();
        if (routed || concerns_litellm(cluster, cluster.services[index])) {
            draw_service(canvas, cluster, index);
        }
    }
}

} // namespace misroute
