// SPDX-License-Identifier: Apache-2.0
//
// One HTTP request on a connection of its own. libcurl lives in http.cpp and nowhere else.
#pragma once

#include "misroute/model/time.hpp"

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// What the error of a redirect that was not followed begins with.
inline constexpr std::string_view k_redirects = "it redirects";

struct HttpRequest
{
    std::string url;
    std::string body;   ///< sent as JSON with POST; empty: GET
    std::string bearer; ///< or empty
};

struct HttpReply
{
    long status = 0; ///< 0: no answer
    std::string body;
    std::map<std::string, std::string> headers; ///< names in lower case; of several with one name the last
    std::string error;                          ///< why there is no answer, in libcurl's words, or empty
};

struct HttpOptions
{
    Milliseconds timeout{};
    std::string ca_file;
    std::vector<std::string> resolve;
    std::stop_token stop;
};

/// Certificates are verified. Redirects are followed within the host that was asked (to its https too), at most three
/// times, so that no other host ever sees the key; one that leads elsewhere is an error. So is a body beyond 8 MB,
/// decoded.
HttpReply fetch(HttpRequest const &request, HttpOptions const &options);

/// The parts of a URL that matter here.
struct UrlParts
{
    std::string scheme;
    std::string host;
    std::string port; ///< the scheme's own where the URL names none
    bool credentials = false;
};
/// False when it is no URL, or neither http nor https.
bool split_url(std::string const &url, UrlParts &parts);

} // namespace misroute
