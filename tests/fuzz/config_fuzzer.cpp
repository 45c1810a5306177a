// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target: any bytes as misroute.yaml. It is sound, or the first complaint is what parse_config() throws.
// Seeds: the configurations of the golden cases.
#include "misroute/config.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
    using namespace misroute;
    std::string const text{data, data + size};
    auto const examined = examine_config(text, "misroute.yaml", {"provider-mismatch", "no-traffic"}, Instant{});
    bool thrown = false;
    try {
        parse_config(text, "misroute.yaml", {"provider-mismatch", "no-traffic"}, Instant{});
    } catch (Error const &) {
        thrown = true;
    }
    if (thrown == examined.complaints.empty()) {
        std::abort();
    }
    return 0;
}
