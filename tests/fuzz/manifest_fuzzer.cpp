// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target: any bytes as a manifest, as a kustomization, and what init makes of them. Nothing may crash, hang
// or grow without bound. Seeds: tests/fixtures/k8s.
#include "config/write_config.hpp"
#include "misroute/k8s.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
    std::string const text{data, data + size};
    auto const cluster = misroute::load_cluster({{"a/kustomization.yaml", text}, {"b.yaml", text}}, {});
    misroute::config_from_cluster(cluster);
    auto const tree =
        misroute::rendered({{"a/kustomization.yaml", text}, {"a/b.yaml", text}}, [&](std::string const & /*folder*/) {
            return misroute::Rendering{text, {}};
        });
    misroute::load_cluster(tree, {});
    return 0;
}
