// SPDX-License-Identifier: Apache-2.0
#include "source/hash.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

namespace misroute {

namespace {

class Sha256
{
public:
    Sha256() { EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr); }

    void add(std::string_view text) { EVP_DigestUpdate(m_context.get(), text.data(), text.size()); }

    std::string hex()
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned int size = 0;
        EVP_DigestFinal_ex(m_context.get(), bytes.data(), &size);
        std::string text;
        for (unsigned int index = 0; index < size; ++index) {
            text += fmt::format("{:02x}", bytes.at(index));
        }
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

} // namespace

std::string sha256(std::string_view text)
{
    Sha256 hash;
    hash.add(text);
    return hash.hex();
}

std::string hash_of(std::initializer_list<std::string_view> texts)
{
    Sha256 hash;
    for (auto const text : texts) {
        hash.add(fmt::format("{}:", text.size()));
        hash.add(text);
    }
    return hash.hex();
}

} // namespace misroute
