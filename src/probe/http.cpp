// SPDX-License-Identifier: Apache-2.0
#include "probe/http.hpp"

#include "misroute/version.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>

namespace misroute {

namespace {

constexpr std::size_t k_most_bytes = std::size_t{8} << 20;
constexpr int k_most_redirects = 3;

struct FreeEasy
{
    void operator()(CURL *handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;

struct FreeList
{
    void operator()(curl_slist *list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

struct FreeUrl
{
    void operator()(CURLU *url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

template <typename Value>
void set(Easy const &easy, CURLoption option, Value value)
{
    curl_easy_setopt(easy.get(), option, value); // NOLINT(cppcoreguidelines-pro-type-vararg): libcurl's interface
}

void append(List &list, std::string const &line)
{
    auto *const longer = curl_slist_append(list.get(), line.c_str());
    if (longer != nullptr) { // the list keeps its head, which it owns already
        static_cast<void>(list.release());
        list.reset(longer);
    }
}

std::size_t take_body(char const *data, std::size_t size, std::size_t count, void *target)
{
    auto &body = *static_cast<std::string *>(target);
    auto const bytes = size * count;
    if (body.size() + bytes > k_most_bytes) {
        return 0; // libcurl's way to say no
    }
    body.append(data, bytes);
    return bytes;
}

std::size_t take_header(char const *data, std::size_t size, std::size_t count, void *target)
{
    auto &headers = *static_cast<std::map<std::string, std::string> *>(target);
    std::string_view const line{data, size * count};
    auto const colon = line.find(':');
    if (colon != std::string_view::npos) {
        std::string name{line.substr(0, colon)};
        std::ranges::transform(name, name.begin(),
                               [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
        auto const first = line.find_first_not_of(" \t", colon + 1);
        auto const last = line.find_last_not_of(" \t\r\n");
        headers[name] = first == std::string_view::npos || last < first ? "" : line.substr(first, last - first + 1);
    }
    return size * count;
}

int keep_going(void *stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<std::stop_token *>(stop)->stop_requested() ? 1 : 0;
}

std::string part(Url const &url, CURLUPart which, unsigned flags = 0)
{
    char *text = nullptr;
    if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) {
        return {};
    }
    std::unique_ptr<char, decltype(&curl_free)> const owned{text, curl_free};
    return text;
}

/// The same host: the same port too, or its https instead of http.
bool same_host(std::string const &from, std::string const &to)
{
    UrlParts left;
    UrlParts right;
    return split_url(from, left) && split_url(to, right) && left.host == right.host &&
           ((left.scheme == right.scheme && left.port == right.port) ||
            (left.scheme == "http" && right.scheme == "https"));
}

void set_connection(Easy const &easy, HttpOptions const &options, List const &resolve)
{
    set(easy, CURLOPT_FRESH_CONNECT, 1L);
    set(easy, CURLOPT_FORBID_REUSE, 1L);
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    set(easy, CURLOPT_USERAGENT, ("misroute/" + std::string{k_version}).c_str());
    set(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (!options.ca_file.empty()) {
        set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    }
    if (resolve) {
        set(easy, CURLOPT_RESOLVE, resolve.get());
    }
}

/// One request without following anything; `elsewhere` is where the answer redirects to, or empty.
HttpReply fetch_one(HttpRequest const &request, HttpOptions const &options, std::string &elsewhere)
{
    HttpReply reply;
    Easy const easy{curl_easy_init()};
    List headers;
    List resolve;
    append(headers, "Accept: application/json");
    append(headers, "Content-Type: application/json");
    if (!request.bearer.empty()) {
        append(headers, "Authorization: Bearer " + request.bearer);
    }
    for (auto const &entry : options.resolve) {
        append(resolve, entry);
    }
    set_connection(easy, options, resolve);
    set(easy, CURLOPT_URL, request.url.c_str());
    set(easy, CURLOPT_HTTPHEADER, headers.get());
    if (!request.body.empty()) {
        set(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
        set(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    set(easy, CURLOPT_WRITEFUNCTION, &take_body);
    set(easy, CURLOPT_WRITEDATA, &reply.body);
    set(easy, CURLOPT_HEADERFUNCTION, &take_header);
    set(easy, CURLOPT_HEADERDATA, &reply.headers);
    auto stop = options.stop;
    set(easy, CURLOPT_NOPROGRESS, 0L);
    set(easy, CURLOPT_XFERINFOFUNCTION, &keep_going);
    set(easy, CURLOPT_XFERINFODATA, &stop);

    auto const code = curl_easy_perform(easy.get());
    if (code != CURLE_OK) {
        reply.error = code == CURLE_WRITE_ERROR ? "the answer is longer than 8 MB" : curl_easy_strerror(code);
        return reply;
    }
    char *target = nullptr;
    // NOLINTBEGIN(cppcoreguidelines-pro-type-vararg): libcurl's interface
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &reply.status);
    curl_easy_getinfo(easy.get(), CURLINFO_REDIRECT_URL, &target);
    // NOLINTEND(cppcoreguidelines-pro-type-vararg)
    elsewhere = target == nullptr ? "" : target;
    return reply;
}

} // namespace

bool split_url(std::string const &url, UrlParts &parts)
{
    Url const parsed{curl_url()};
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
        return false;
    }
    parts = {part(parsed, CURLUPART_SCHEME), part(parsed, CURLUPART_HOST),
             part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT),
             !part(parsed, CURLUPART_USER).empty() || !part(parsed, CURLUPART_PASSWORD).empty()};
    return (parts.scheme == "http" || parts.scheme == "https") && !parts.host.empty();
}

HttpReply fetch(HttpRequest const &request, HttpOptions const &options)
{
    auto current = request;
    for (int redirects = 0;; ++redirects) {
        std::string elsewhere;
        auto reply = fetch_one(current, options, elsewhere);
        if (elsewhere.empty()) {
            return reply;
        }
        if (!same_host(current.url, elsewhere)) {
            UrlParts other;
            split_url(elsewhere, other);
            reply.status = 0;
            reply.error = std::string{k_redirects} + " to " + (other.host.empty() ? "another place" : other.host) +
                          ", which is not followed";
            return reply;
        }
        if (redirects == k_most_redirects) {
            reply.status = 0;
            reply.error = std::string{k_redirects} + " again and again";
            return reply;
        }
        current.url = elsewhere;
    }
}

} // namespace misroute
