// SPDX-License-Identifier: Apache-2.0
#include "report/html_page.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace misroute::html {

namespace {

/// 'sha256-…', as a Content-Security-Policy names an inline element (CSP 3, 2.3.1).
std::string source_hash(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error{"no SHA-256"};
    }
    std::array<unsigned char, 2UL * EVP_MAX_MD_SIZE> base64{};
    auto const length = EVP_EncodeBlock(base64.data(), hash.data(), static_cast<int>(size));
    return fmt::format("'sha256-{}'", std::string{base64.data(), base64.data() + length});
}

} // namespace

std::string content_policy(std::string_view style, std::string_view script)
{
    return fmt::format("default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
                       source_hash(style), source_hash(script));
}

} // namespace misroute::html
