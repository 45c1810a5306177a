// SPDX-License-Identifier: Apache-2.0
#include "k8s/repeated.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace misroute::k8s {

namespace {

/// Words one after the other, so that no two lists of words are the same text.
class Content
{
public:
    template <typename... Words>
    Content &add(Words const &...words)
    {
        ((m_text.append(words).append(1, '\0')), ...);
        return *this;
    }

    std::string take() { return std::move(m_text); }

private:
    std::string m_text;
};

std::string joined(std::set<std::string> const &all)
{
    Content content;
    for (auto const &one : all) {
        content.add(one);
    }
    return content.take();
}

/// An environment, but for what a live Pod has beside its manifest.
std::set<std::string> words_of_environment(Pods const &pods)
{
    std::set<std::string> words;
    for (auto const &[name, value] : pods.environment.values) {
        words.insert(Content{}.add("value", name, value).take());
    }
    for (auto const &name : pods.environment.hidden) {
        words.insert(Content{}.add("hidden", name).take());
    }
    for (auto const &one : pods.from_config_maps) {
        words.insert(Content{}.add("map", one.variable, one.config_map, one.key, one.prefix).take());
    }
    for (auto const &secret : pods.secrets) {
        words.insert(secret == "service account default" ? "" : Content{}.add("secret", secret).take());
    }
    words.erase("");
    return words;
}

std::set<std::string> words_of_containers(Pods const &pods)
{
    std::set<std::string> words{Content{}.add("config", pods.config_path).take()};
    for (auto const &image : pods.images) {
        words.insert(Content{}.add("image", image).take());
    }
    for (auto const &mount : pods.mounts) {
        if (mount.config_map != "kube-root-ca.crt") { // in every live Pod, and in no manifest
            words.insert(Content{}.add("mount", mount.config_map, mount.path).take());
        }
    }
    for (auto const &entry : pods.command_line) {
        words.insert(Content{}.add("model", entry.model, entry.api_base).take());
    }
    for (auto const &[key, value] : pods.workload.pod_labels) {
        words.insert(Content{}.add("label", key, value).take());
    }
    return words;
}

std::set<std::string> words_of_backends(std::vector<RouteBackend> const &route_backends)
{
    std::set<std::string> words;
    for (auto const &one : route_backends) {
        auto const &path = one.route.path;
        Content content;
        content.add(one.route.host, path.empty() ? "/" : path, one.service.text(), one.subset, one.delegate.text(),
                    one.unread_host);
        for (auto const &parent : one.parents) {
            content.add(parent.gateway.text(), parent.section, parent.port);
        }
        words.insert(content.take());
    }
    return words;
}

std::string object_name(Value const &object)
{
    return text_of(object["kind"]) + " " + name_of(object).text();
}

} // namespace

Statement statement_of(Pods const &pods)
{
    auto const &workload = pods.workload;
    auto words = words_of_containers(pods);
    words.merge(words_of_environment(pods));
    return {workload.kind + " " + workload.name.text(), workload.location, joined(words), pods.stated_replicas};
}

Statement statement_of(Configuration const &configuration)
{
    Content content;
    for (auto const &[key, value] : configuration.values) {
        content.add(key, value);
    }
    for (auto const &file : configuration.files) {
        content.add("file", file.file);
        for (auto const &entry : file.models) {
            content.add(entry.model, entry.api_base, entry.provider, entry.credential);
        }
        for (auto const &[name, credential] : file.credentials) {
            content.add("credential", name, credential.api_base, credential.provider);
        }
        for (auto const &include : file.includes) {
            content.add("include", include);
        }
    }
    content.add(joined(configuration.variables));
    return {"ConfigMap " + configuration.name.text(), configuration.location, content.take(), std::nullopt};
}

Statement statement_of_route(Value const &object, std::vector<RouteBackend> const &route_backends,
                             Location const &location)
{
    auto stated = route_backends;
    for (auto &one : stated) {
        // OpenShift makes up a hostname where a Route has none.
        bool const made_up = is_true(object["metadata"]["annotations"]["openshift.io/host.generated"]);
        one.route.host = made_up ? "*" : one.route.host;
    }
    return {object_name(object), location, joined(words_of_backends(stated)), std::nullopt, true};
}

Statement statement_of_service(Value const &object, std::vector<RouteBackend> const &hosts, Location const &location)
{
    auto words = words_of_backends(hosts);
    bool const external = text_of(object["spec"]["type"]) == "ExternalName";
    words.insert(external ? text_of(object["spec"]["externalName"]) : std::string{});
    return {object_name(object), location, joined(words), std::nullopt};
}

Statement statement_of_context(Value const &object, Location const &location)
{
    RouteContext context;
    read_route_context(object, context);
    std::set<std::string> words;
    for (auto const &[gateway, listener] : context.listeners) {
        words.insert(Content{}.add(listener.name, listener.host, listener.port).take());
    }
    for (auto const &[name, labels] : context.subsets) {
        Content content;
        content.add(name.first.text(), name.second);
        for (auto const &[key, value] : labels) {
            content.add(key, value);
        }
        words.insert(content.take());
    }
    for (auto const &[space, service] : context.grants) {
        words.insert(Content{}.add(space, service.text()).take());
    }
    return {object_name(object), location, joined(words), std::nullopt, true};
}

std::vector<Repeated> repeated(std::vector<Statement> const &earlier, std::vector<Statement> const &later)
{
    std::map<std::string_view, Statement const *> latest;
    for (auto const &one : earlier) {
        latest[one.object] = &one;
    }
    std::vector<Repeated> result;
    for (auto const &one : later) {
        auto const [before, fresh] = latest.emplace(one.object, &one);
        auto const &last = *before->second;
        bool const other_count = last.replicas && one.replicas && last.replicas != one.replicas;
        if (!fresh && (last.content != one.content || other_count)) {
            result.push_back({last, one});
        }
        before->second = &one;
    }
    return result;
}

} // namespace misroute::k8s
