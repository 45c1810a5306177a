// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_shares.hpp"
#include "detect/cluster_words.hpp"
#include "misroute/model/text.hpp"
#include "report/html_pictures.hpp"
#include "report/phrases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

namespace misroute::html {

namespace {

constexpr std::size_t k_most_services = 12;
constexpr std::size_t k_most_boxes = 12; ///< of a column, for one Service
constexpr double k_box_width = 222;
constexpr double k_box_height = 44;
constexpr double k_box_step = 56;
constexpr double k_column_step = 245;
constexpr std::size_t k_box_letters = 26;

/// One Service with what leads to it.
struct Way
{
    Service const *service;
    std::vector<Route const *> routes;
    std::vector<Workload const *> workloads;

    std::size_t rows() const { return std::max({routes.size(), workloads.size(), std::size_t{1}}); }
};

std::vector<Way> ways_of(Cluster const &cluster)
{
    std::vector<Way> ways;
    for (std::size_t index = 0; index < cluster.services.size() && ways.size() < k_most_services; ++index) {
        auto const &service = cluster.services[index];
        Way way{&service, {}, {}};
        for (auto const &route : cluster.routes) {
            if (route.service == index && way.routes.size() < k_most_boxes) {
                way.routes.push_back(&route);
            }
        }
        for (auto const workload : service.workloads) {
            if (workload < cluster.workloads.size() && way.workloads.size() < k_most_boxes) {
                way.workloads.push_back(&cluster.workloads[workload]);
            }
        }
        bool const routed = !service.instance.empty() && !way.routes.empty();
        if (routed || concerns_litellm(cluster, service)) {
            ways.push_back(std::move(way));
        }
    }
    return ways;
}

/// Requests by who answered, of the hostnames that lead to a Service.
std::map<std::string, std::int64_t> observed_by(Report const &report, Way const &way)
{
    std::map<std::string, std::int64_t> requests;
    for (auto const &issuer : report.issuers) {
        bool const here =
            issuer.issuer.kind == IssuerKind::host &&
            std::ranges::any_of(way.routes, [&](Route const *route) { return route->host == issuer.issuer.name; });
        for (auto const &use : issuer.backends) {
            bool const counts = use.row_class == RowClass::home || use.row_class == RowClass::foreign;
            if (here && counts && !use.owner.empty()) {
                requests[use.owner.text()] += use.sums.requests;
            }
        }
    }
    return requests;
}

/// "expected 33 %, observed 38 %"; what is not known is left out.
struct Shares
{
    std::optional<double> expected;
    std::optional<double> observed;

    std::string text() const
    {
        std::vector<std::string> parts;
        if (expected) {
            parts.push_back("expected " + phrase::percent(*expected));
        }
        if (observed) {
            parts.push_back("observed " + phrase::percent(*observed));
        }
        return fmt::format("{}", fmt::join(parts, ", "));
    }
};

class WayPicture
{
public:
    WayPicture(HtmlPage &page, Element section, Report const &report) : m_report{report}, m_cluster{*report.cluster}
    {
        auto const ways = ways_of(m_cluster);
        std::size_t rows = 0;
        for (auto const &way : ways) {
            rows += way.rows();
            m_wrong += std::ranges::count_if(way.workloads, [&](Workload const *pods) { return wrong(way, *pods); });
        }
        auto const height = k_top + k_box_step * static_cast<double>(rows) + 20 * static_cast<double>(ways.size());
        auto const picture =
            page.picture(section, {"The way of a request, by the manifests", description(), 960, height});
        m_svg = picture.svg;
        draw_heads();
        double y = k_top;
        for (auto const &way : ways) {
            draw(way, y);
            y += k_box_step * static_cast<double>(way.rows()) + 20;
        }
        write(HtmlPage::numbers(picture, k_columns), ways);
    }

private:
    static constexpr double k_top = 30;
    static inline std::vector<std::string> const k_columns{"hostname",  "Service",   "pods of",   "instance",
                                                           "replicas#", "expected#", "observed#", "wrong"};

    std::string description() const
    {
        return m_wrong == 0
                   ? "every Service selects its own pods only"
                   : fmt::format("{} from a Service to another instance's pods", text::counted(m_wrong, "wrong arrow"));
    }

    bool wrong(Way const &way, Workload const &pods) const
    {
        return is_foreign(m_cluster, {}, way.service->instance, pods);
    }

    Shares shares_of(Way const &way, Workload const &pods) const
    {
        int all = 0;
        for (auto const &reached : reached_by(m_cluster, *way.service)) {
            all += reached.replicas;
        }
        auto const observed = observed_by(m_report, way);
        std::int64_t requests = 0;
        for (auto const &[owner, count] : observed) {
            requests += count;
        }
        Shares shares;
        if (all > 0 && !pods.runs_to_completion()) {
            shares.expected = static_cast<double>(pods.replicas) / all;
        }
        if (requests > 0 && !pods.instance.empty()) {
            auto const found = observed.find(pods.instance);
            auto const own = found == observed.end() ? 0 : found->second;
            shares.observed = static_cast<double>(own) / static_cast<double>(requests);
        }
        return shares;
    }

    void draw_heads() const
    {
        constexpr std::array k_heads{"hostname", "Ingress", "Service", "pods"};
        for (std::size_t column = 0; column < k_heads.size(); ++column) {
            m_svg.add("text", "soft")
                .set("x", k_column_step * static_cast<double>(column))
                .set("y", 16)
                .say(k_heads.at(column));
        }
    }

    void box(int column, double y, std::string const &name, std::string const &detail, bool wrong) const
    {
        auto const x = k_column_step * column + 1;
        auto const group = m_svg.add("g");
        group.add_text("title", detail.empty() ? name : name + ": " + detail);
        group.add("rect", wrong ? "box wrong" : "box")
            .set("x", x)
            .set("y", y)
            .set("rx", 6)
            .set("width", k_box_width)
            .set("height", k_box_height);
        group.add("text", wrong ? "bad strong" : "strong")
            .set("x", x + 8)
            .set("y", detail.empty() ? y + 27 : y + 18)
            .say((wrong ? "✗ " : "") + name, k_box_letters);
        if (!detail.empty()) {
            group.add("text", "soft").set("x", x + 8).set("y", y + 36).say(detail, k_box_letters + 8);
        }
    }

    void edge(int column, double from, double to, bool wrong) const
    {
        auto const x = k_column_step * column + k_box_width + 1;
        auto const end = k_column_step * (column + 1) + 1;
        auto const middle = (x + end) / 2;
        auto const half = k_box_height / 2;
        m_svg.add("path", wrong ? "edge wrong" : "edge")
            .set_verbatim("d", fmt::format("M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}m-6 -4l6 4l-6 4", x,
                                           from + half, middle, from + half, middle, to + half, end, to + half));
    }

    void draw(Way const &way, double top) const
    {
        auto const service_y = top + k_box_step * (static_cast<double>(way.rows()) - 1) / 2;
        for (std::size_t index = 0; index < way.routes.size(); ++index) {
            auto const &route = *way.routes[index];
            auto const y = top + k_box_step * static_cast<double>(index);
            edge(0, y, y, false);
            edge(1, y, service_y, false);
            box(0, y, route.host, route.instance.empty() ? "" : "of " + route.instance, false);
            box(1, y, route.name.name.empty() ? "route" : route.name.name, route.kind, false);
        }
        for (std::size_t index = 0; index < way.workloads.size(); ++index) {
            auto const &pods = *way.workloads[index];
            auto const y = top + k_box_step * static_cast<double>(index);
            auto const shares = shares_of(way, pods).text();
            edge(2, service_y, y, wrong(way, pods));
            box(3, y, pods.name.name, shares.empty() ? text::counted(pods.replicas, "replica") : shares,
                wrong(way, pods));
        }
        box(2, service_y, way.service->name.name, selector_text(way.service->selector), false);
    }

    void write(Element body, std::vector<Way> const &ways) const
    {
        auto const percent = [](std::optional<double> share) {
            return share ? phrase::percent(*share) : std::string{};
        };
        for (auto const &way : ways) {
            std::vector<std::string> hosts;
            for (auto const *route : way.routes) {
                hosts.push_back(route->host);
            }
            for (auto const *pods : way.workloads) {
                auto const shares = shares_of(way, *pods);
                row(body, k_columns,
                    {fmt::format("{}", fmt::join(hosts, ", ")), way.service->name.text(), pods->name.text(),
                     pods->instance, std::to_string(pods->replicas), percent(shares.expected), percent(shares.observed),
                     wrong(way, *pods) ? "wrong" : ""});
            }
        }
    }

    Report const &m_report;
    Cluster const &m_cluster;
    Element m_svg{nullptr};
    std::int64_t m_wrong = 0;
};

} // namespace

void draw_way(HtmlPage &page, Report const &report)
{
    if (!report.cluster || ways_of(*report.cluster).empty()) {
        return;
    }
    auto const section = page.section("Which way", "way");
    section.add_text("p", "Dashed, with ✗: another instance's pods. Expected is the share of replicas.", "soft");
    WayPicture{page, section, report};
    if (report.cluster->services.size() > k_most_services) {
        section.add_text("p", "More Services are in the JSON report.", "soft");
    }
}

} // namespace misroute::html
