// SPDX-License-Identifier: Apache-2.0
#include "cli/post.hpp"

#include "misroute/model/error.hpp"
#include "probe/http.hpp"
#include "report/json.hpp"
#include "report/messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <thread>

namespace misroute::cli {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds k_patience = 10s;
constexpr std::array k_pauses{0ms, 1000ms, 3000ms};

/// A row of the table of receivers.
struct Receiver
{
    bool (*is)(std::string_view host, std::string_view path);
    std::string (*render)(Report const &, RenderOptions const &);
    bool chat = true; ///< people read it: it gets changes alone, and nothing where there is nothing to tell
};

constexpr std::array k_receivers{
    Receiver{[](std::string_view, std::string_view path) { return path.ends_with("/api/v2/alerts"); }, render_alerts,
             false},
    Receiver{[](std::string_view host, std::string_view path) {
                 return host == "hooks.slack.com" || path.find("/hooks/") != std::string_view::npos;
             },
             render_slack},
    Receiver{[](std::string_view host, std::string_view) {
                 return host.ends_with(".webhook.office.com") || host.ends_with(".logic.azure.com") ||
                        host.ends_with(".powerplatform.com");
             },
             render_teams},
    Receiver{[](std::string_view, std::string_view) { return true; }, render_json, false},
};

std::string path_of(std::string const &url)
{
    auto const host = url.find("://");
    auto const path = url.find('/', host == std::string::npos ? 0 : host + 3);
    return path == std::string::npos ? std::string{} : url.substr(path, url.find_first_of("?#", path) - path);
}

Receiver const &receiver_of(std::string const &url, std::string const &host)
{
    auto const path = path_of(url);
    return *std::ranges::find_if(k_receivers, [&](Receiver const &one) { return one.is(host, path); });
}

/// Nobody answered, or who did asks for another try.
bool worth_another_try(HttpReply const &reply)
{
    constexpr long k_too_many = 429;
    constexpr long k_server_errors = 500;
    return reply.status == 0 || reply.status == k_too_many || reply.status >= k_server_errors;
}

bool arrived(HttpReply const &reply)
{
    constexpr long k_success = 200;
    constexpr long k_redirection = 300;
    return reply.status >= k_success && reply.status < k_redirection;
}

} // namespace

void check_post(std::string const &url)
{
    UrlParts parts;
    if (!url.empty() && !split_url(url, parts)) {
        throw Error{"--post takes a URL that begins with https:// or http://",
                    {},
                    "check MISROUTE_POST; its value is not shown"};
    }
}

std::string post(Report const &report, RenderOptions const &options, std::string const &url, bool silent)
{
    UrlParts parts;
    split_url(url, parts);
    auto const &receiver = receiver_of(url, parts.host);
    if (receiver.chat && silent) {
        return {};
    }
    auto const body = receiver.render(receiver.chat && report.changes ? only_changes(report) : report, options);
    HttpReply reply;
    for (auto const pause : k_pauses) {
        std::this_thread::sleep_for(pause);
        reply = fetch({url, body, {}}, {.timeout = k_patience, .ca_file = {}, .resolve = {}, .stop = {}});
        if (arrived(reply)) {
            return {};
        }
        if (!worth_another_try(reply)) {
            break;
        }
    }
    return fmt::format("the report could not be sent to {}: {}", parts.host,
                       reply.status != 0 ? fmt::format("it answers {}", reply.status) : reply.error);
}

} // namespace misroute::cli
