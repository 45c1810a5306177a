// SPDX-License-Identifier: Apache-2.0
#include "cli/fleet.hpp"

#include "cli/log.hpp"
#include "misroute/model/error.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <unistd.h>
#include <utility>

namespace misroute::cli {

namespace {

/// Bytes. A large cluster's Services, workloads and ConfigMaps are a tenth of that.
constexpr std::size_t k_longest_input = std::size_t{64} << 20U;

} // namespace

std::vector<ManifestText> manifests_of(ManifestFlags const &flags, std::stop_token stop)
{
    auto texts = read_manifests(flags.paths, standard_input(flags.paths));
    if (flags.no_render) {
        return texts;
    }
    auto const *const path = std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe): nothing here sets variables
    texts = rendered(std::move(texts), kustomize_renderer(path == nullptr ? "" : path, stop));
    if (stop.stop_requested()) {
        throw Error{"stopped while kustomizations were rendered"};
    }
    return texts;
}

Fleet read_fleet(std::string const &named, ManifestFlags const &flags, Instant now, std::stop_token stop)
{
    auto config = find_config(named, now);
    auto fleet = flags.paths.empty() ? fleet_of(std::move(config), std::nullopt)
                                     : fleet_of(std::move(config), manifests_of(flags, std::move(stop)));
    for (auto const &warning : fleet.warnings) {
        warn(warning);
    }
    expect_instances(named, fleet.config);
    return fleet;
}

std::string standard_input(std::vector<std::string> const &paths)
{
    if (std::find(paths.begin(), paths.end(), "-") == paths.end()) {
        return {};
    }
    if (isatty(STDIN_FILENO) != 0) {
        throw Error{
            "standard input is a terminal", {}, "pipe manifests in: kubectl kustomize deploy/ | misroute k8s -"};
    }
    std::string all;
    for (std::array<char, 65536> part{}; std::cin && all.size() <= k_longest_input;) {
        std::cin.read(part.data(), part.size());
        all.append(part.data(), static_cast<std::size_t>(std::cin.gcount()));
    }
    if (all.size() > k_longest_input) {
        throw Error{"the manifests on standard input are longer than 64 MB",
                    {},
                    "pipe in the namespaces of LiteLLM and of its ingress alone, or name files"};
    }
    return all;
}

} // namespace misroute::cli
