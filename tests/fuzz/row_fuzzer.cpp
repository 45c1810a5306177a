// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target: any bytes as the texts of a spend-log row: tags, address, model, provider, host. Whatever is shown
// of them is printable, holds no control and nothing that the mask would mask again.
#include "misroute/model/litellm.hpp"
#include "misroute/model/shell.hpp"
#include "misroute/model/text.hpp"
#include "report/markdown_text.hpp"
#include "source/tags.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void expect(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
    using namespace misroute;
    std::string const text{data, data + size};
    auto const tags = parse_tags(text);
    litellm::tag_value(tags, {"host", "x-forwarded-host"});
    auto const upstream = litellm::upstream_of(text);
    expect(upstream.find('@') == std::string::npos);
    expect(litellm::normal_host(litellm::normal_host(text)) == litellm::normal_host(text));
    litellm::provider_of(text, text);
    litellm::model_group_of(text, text);
    litellm::upstream_matches(text, upstream);
    litellm::same_domain(text, upstream);
    auto const masked = text::masked(text);
    expect(text::masked(masked) == masked);
    auto const shown = text::printable(text);
    expect(text::printable(shown) == shown && shown.find('\n') == std::string::npos);
    for (std::size_t columns : {1U, 7U, 40U}) {
        expect(text::width(text::fit(shown, columns)) <= columns);
        text::wrapped(text, columns);
    }
    shell::word(text);
    markdown::cell_code(text);
    markdown::prose(text);
    return 0;
}
