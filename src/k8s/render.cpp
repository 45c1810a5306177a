// SPDX-License-Identifier: Apache-2.0
//
// Renders kustomization trees with the tool that people deploy them with. misroute does not do it itself: what is
// examined has to be what is deployed.
#include "k8s/collect.hpp"
#include "k8s/kustomization.hpp"
#include "k8s/program.hpp"
#include "misroute/k8s.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>

namespace misroute {

namespace {

namespace fs = std::filesystem;
using namespace k8s;

constexpr ProgramLimits k_limits{std::chrono::seconds{30}, std::size_t{64} << 20U};
constexpr std::chrono::seconds k_all_folders{120};

struct Tool
{
    std::string_view program;
    std::string_view command;
};

constexpr std::array<Tool, 2> k_tools{{{"kubectl", "kustomize"}, {"kustomize", "build"}}};

/// No PATH, so that neither git nor helm nor a plugin can be started, and no way out but to a port where nobody
/// listens.
std::vector<std::string> environment()
{
    constexpr std::string_view nowhere = "http://127.0.0.1:9";
    std::vector<std::string> variables{"PATH=/nonexistent", "HOME=/nonexistent", "LC_ALL=C", "KUBERC=off"};
    for (auto const *const name :
         {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"}) {
        variables.push_back(fmt::format("{}={}", name, nowhere));
    }
    return variables;
}

bool is_program(fs::path const &path)
{
    std::error_code error;
    return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

/// The program and its fixed arguments; nothing when PATH has none. A relative folder in PATH may be that of the
/// manifests, and somebody else's program.
std::vector<std::string> find_tool(std::string_view path)
{
    for (auto const &tool : k_tools) {
        for (auto rest = path; !rest.empty();) {
            auto const folder = rest.substr(0, rest.find(':'));
            rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
            auto const file = fs::path{folder} / tool.program;
            if (folder.starts_with('/') && is_program(file)) {
                return {file.string(), std::string{tool.command}};
            }
        }
    }
    return {};
}

/// What the tool says last, without the head that its log gives it.
std::string last_words(std::string const &errors)
{
    constexpr std::size_t most = 400;
    auto const end = errors.find_last_not_of(" \n\r\t");
    if (end == std::string::npos) {
        return {};
    }
    auto const start = errors.rfind('\n', end);
    auto line = errors.substr(start == std::string::npos ? 0 : start + 1,
                              end - (start == std::string::npos ? 0 : start + 1) + 1);
    auto const text = line.find(" err=\"");
    line = text == std::string::npos ? line : line.substr(text + 6, line.size() - text - 7);
    return line.size() > most ? line.substr(0, most) + " …" : line;
}

/// Runs the tool on one folder after the other.
class Kustomize
{
public:
    Kustomize(std::vector<std::string> tool, std::stop_token stop) : m_tool{std::move(tool)}, m_stop{std::move(stop)} {}

    Rendering render(std::string const &folder);

private:
    std::vector<std::string> m_tool;
    std::stop_token m_stop;
    Milliseconds m_left{k_all_folders};
};

Rendering Kustomize::render(std::string const &folder)
{
    if (m_tool.empty()) {
        return {{}, "neither kubectl nor kustomize is in PATH"};
    }
    if (m_left <= Milliseconds{}) {
        return {{}, fmt::format("the kustomizations before it took {}", to_text(k_all_folders))};
    }
    auto command = m_tool;
    command.insert(command.end(), {"--", folder.empty() ? "." : folder});
    auto const began = std::chrono::steady_clock::now();
    auto result = run_program(command, environment(), {std::min(k_limits.time, m_left), k_limits.output}, m_stop);
    m_left -= std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
    if (result.failure.empty()) {
        return {std::move(result.output), {}};
    }
    auto const words = last_words(result.errors);
    return {{},
            fmt::format("{} {}: {}", fs::path{m_tool[0]}.filename().string(), m_tool[1],
                        words.empty() ? result.failure : words)};
}

/// The tree has anything that its files do not show as they stand.
bool needs_rendering(std::vector<Kustomization> const &all, std::set<std::string> const &tree)
{
    return std::any_of(all.begin(), all.end(), [&](Kustomization const &one) {
        return (one.transforms || one.generates || !one.remote.empty()) && tree.contains(normal_path(one.folder));
    });
}

std::optional<std::string> remote_part(std::vector<Kustomization> const &all, std::set<std::string> const &tree)
{
    for (auto const &one : all) {
        if (!one.remote.empty() && tree.contains(normal_path(one.folder))) {
            return one.remote.front();
        }
    }
    return std::nullopt;
}

/// Every workload and Service of the tree's files stands in the input under a name that contains its own.
bool stands_in_input(Collected const &collected, std::set<std::string> const &tree)
{
    std::size_t found = 0;
    auto const all_found = [&](auto const &wanted, auto const &present, auto const &object_of) {
        return std::all_of(wanted.begin(), wanted.end(), [&](auto const &one) {
            auto const &object = object_of(one);
            if (!tree.contains(normal_path(object.location.file))) {
                return true;
            }
            ++found;
            return std::any_of(present.begin(), present.end(), [&](auto const &other) {
                auto const &candidate = object_of(other);
                return !tree.contains(normal_path(candidate.location.file)) &&
                       candidate.name.name.find(object.name.name) != std::string::npos;
            });
        });
    };
    bool const pods = all_found(collected.raw.pods, collected.objects.pods,
                                [](Pods const &one) -> Workload const & { return one.workload; });
    bool const services = all_found(collected.raw.services, collected.objects.services,
                                    [](Service const &one) -> Service const & { return one; });
    return pods && services && found > 0;
}

} // namespace

Renderer kustomize_renderer(std::string_view path, std::stop_token stop)
{
    auto const tool = std::make_shared<Kustomize>(find_tool(path), std::move(stop));
    return [tool](std::string const &folder) { return tool->render(folder); };
}

std::vector<ManifestText> rendered(std::vector<ManifestText> texts, Renderer const &renderer)
{
    if (std::none_of(texts.begin(), texts.end(),
                     [](ManifestText const &text) { return is_kustomization_file(text.name); })) {
        return texts;
    }
    auto const collected = collect(texts);
    auto const &all = collected.kustomizations;
    for (auto const &root : roots_of(all)) {
        auto const tree = tree_of(all, root.folder);
        if (!needs_rendering(all, tree) || stands_in_input(collected, tree)) {
            continue;
        }
        auto const remote = remote_part(all, tree);
        auto rendering = remote
                             ? Rendering{{}, fmt::format("it takes {} from the network, which is not asked", *remote)}
                             : renderer(root.folder);
        texts.push_back({root.file, std::move(rendering.output), root.folder.empty() ? "." : root.folder,
                         std::move(rendering.failure)});
    }
    return texts;
}

} // namespace misroute
