// SPDX-License-Identifier: Apache-2.0
#include "k8s/assembly.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

namespace misroute::k8s {

namespace {

/// The file lies at the mount path or below it.
bool lies_under(std::string_view file, std::string_view path)
{
    while (path.size() > 1 && path.back() == '/') {
        path.remove_suffix(1);
    }
    return !path.empty() && file.substr(0, path.size()) == path &&
           (file.size() == path.size() || file[path.size()] == '/');
}

std::string_view last_part(std::string_view path)
{
    auto const slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

ConfigFile const *file_named(Configuration const &configuration, std::string_view path)
{
    auto const found = std::find_if(configuration.files.begin(), configuration.files.end(),
                                    [&](ConfigFile const &file) { return file.file == last_part(path); });
    return found == configuration.files.end() || path.empty() ? nullptr : &*found;
}

/// Of a ConfigMap with several files the one that `--config` names, and what it includes; all where it names none of
/// them.
std::vector<ConfigFile> files_used(Configuration const &configuration, std::string_view path)
{
    auto const *const named = file_named(configuration, path);
    if (named == nullptr) {
        return configuration.files;
    }
    std::vector<ConfigFile> files{*named};
    for (auto const &include : named->includes) {
        auto const *const more = file_named(configuration, include);
        if (more != nullptr && more != named) {
            files.push_back(*more);
        }
    }
    return files;
}

} // namespace

Configuration const *Assembly::config_map(ObjectName const &name) const
{
    auto const &known = m_collected.objects.configurations;
    auto const found =
        std::find_if(known.rbegin(), known.rend(), [&](Configuration const &one) { return one.name == name; });
    return found == known.rend() ? nullptr : &*found;
}

/// Variables from ConfigMaps, and `$(NAME)` in all of them, which Kubernetes replaces before the program starts.
void Assembly::add_variables(Pods &pods) const
{
    auto &environment = pods.environment;
    for (auto const &source : pods.from_config_maps) {
        auto const *const map = config_map({pods.workload.name.space, source.config_map});
        if (map == nullptr) {
            environment.more = environment.more || source.key.empty();
            continue;
        }
        for (auto const &[key, value] : map->values) {
            if (source.key.empty()) {
                environment.values.emplace(source.prefix + key, value);
            } else if (source.key == key) {
                environment.hidden.erase(source.variable);
                environment.values[source.variable] = value;
            }
        }
    }
    auto const before = environment;
    for (auto &[name, value] : environment.values) {
        if (auto const text = expanded(value, before)) {
            value = *text;
        } else {
            environment.hidden.insert(name);
        }
    }
}

/// The ConfigMaps with a LiteLLM configuration that the workload mounts; where several are, those `--config` points to.
std::vector<Configuration> Assembly::mounted(Pods const &pods) const
{
    std::vector<Configuration> all;
    std::vector<Configuration> named;
    for (auto const &mount : pods.mounts) {
        auto const *const found = config_map({pods.workload.name.space, mount.config_map});
        if (found != nullptr && !found->files.empty()) {
            all.push_back(*found);
            if (lies_under(pods.config_path, mount.path)) {
                named.push_back(*found);
            }
        }
    }
    bool const includes = std::any_of(named.begin(), named.end(), [](Configuration const &one) {
        return std::any_of(one.files.begin(), one.files.end(), [](auto const &file) { return !file.includes.empty(); });
    });
    return named.empty() || includes ? all : named;
}

/// Fills what each workload serves.
void Assembly::configure()
{
    for (auto &pods : m_pods) {
        add_variables(pods);
        auto &workload = pods.workload;
        std::vector<ConfigFile> files;
        bool models = false;
        for (auto const &configuration : mounted(pods)) {
            std::ranges::move(files_used(configuration, pods.config_path), std::back_inserter(files));
            models = models || configuration.has_models();
            workload.config_map = configuration.has_models() ? configuration.name.name : workload.config_map;
        }
        if (!pods.command_line.empty()) {
            ConfigFile given;
            given.models = pods.command_line;
            files.push_back(std::move(given));
        }
        auto served = served_by(files, pods.environment);
        if (auto absent = absent_configuration(pods); !absent.empty() && (files.empty() || pods.runs_litellm)) {
            served.unread.push_back(std::move(absent));
        }
        if (pods.configurations > 1) {
            served.unread.emplace_back("the configuration of another LiteLLM container in its pods");
        }
        if (pods.runs_litellm && !files.empty() && served.backends.empty() && served.unread.empty()) {
            served.unread.emplace_back("a model_list without entries: its models stand elsewhere");
        }
        workload.serves = std::move(served.backends);
        workload.unread = std::move(served.unread);
        workload.open = !workload.unread.empty();
        pods.runs_litellm = pods.runs_litellm || models || is_configured(workload);
        m_cluster.workloads.push_back(workload);
    }
}

/// The file that `--config` names lies in a ConfigMap that is not in the input.
std::string Assembly::absent_configuration(Pods const &pods) const
{
    for (auto const &mount : pods.mounts) {
        ObjectName const name{pods.workload.name.space, mount.config_map};
        if (config_map(name) == nullptr && !pods.config_path.empty() && lies_under(pods.config_path, mount.path)) {
            return fmt::format("ConfigMap {}, which is not in the input", name.text());
        }
    }
    return {};
}

/// What names the LiteLLM configuration of a workload: the ConfigMap that holds it, with the file of it, or, when that
/// is not in the input, the one that is mounted where `--config` points.
std::string Assembly::source_of(Pods const &pods) const
{
    auto const &space = pods.workload.name.space;
    if (!pods.workload.config_map.empty()) {
        ObjectName const name{space, pods.workload.config_map};
        auto const *const map = config_map(name);
        auto const *const file = map == nullptr ? nullptr : file_named(*map, pods.config_path);
        return file == nullptr ? name.text() : name.text() + "/" + file->file;
    }
    for (auto const &mount : pods.mounts) {
        ObjectName const name{space, mount.config_map};
        bool const absent = config_map(name) == nullptr;
        if (absent && !pods.config_path.empty() && lies_under(pods.config_path, mount.path)) {
            return name.text();
        }
    }
    return {};
}

/// Where its keys, and upstreams that are not known, come from: Secrets, and the variables that its files name.
std::set<std::string> Assembly::key_sources(Pods const &pods) const
{
    auto sources = pods.secrets;
    for (auto const &configuration : mounted(pods)) {
        sources.insert(configuration.variables.begin(), configuration.variables.end());
    }
    return sources;
}

bool Assembly::is_configured(Workload const &workload) const
{
    return std::any_of(m_expected.instances.begin(), m_expected.instances.end(), [&](Instance const &instance) {
        return !instance.workload.empty() &&
               (instance.workload == workload.name.text() || instance.workload == workload.name.name);
    });
}

} // namespace misroute::k8s
