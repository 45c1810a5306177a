// SPDX-License-Identifier: Apache-2.0
#include "k8s/collect.hpp"

#include "k8s/autoscalers.hpp"
#include "k8s/kinds.hpp"
#include "k8s/parse.hpp"
#include "k8s/repeated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace misroute::k8s {

namespace {

/// The items of a DeploymentList and the like, which do not repeat their kind. Those of a List have been handed on.
std::vector<Value> items_of_typed_list(Value const &object)
{
    std::string_view kind = text_of(object["kind"]);
    constexpr std::string_view ending = "List";
    if (kind.size() <= ending.size() || !kind.ends_with(ending)) {
        return {};
    }
    kind.remove_suffix(ending.size());
    auto items = object["items"].items;
    for (auto &item : items) {
        Value named;
        named.kind = Value::Kind::scalar;
        named.text = kind;
        item.members.push_back({"kind", named});
        named.text = text_of(object["apiVersion"]);
        item.members.push_back({"apiVersion", std::move(named)});
    }
    return items;
}

/// Reads one text after the other.
class Collector
{
public:
    void read(ManifestText const &text);
    void adopt(Collected more);
    void read_kustomization_file(ManifestText const &text);
    Collected take() { return std::move(m_collected); }

private:
    void add(Value const &object, std::string const &file);
    void add_service(Value const &object, Location const &location);
    void add_route(Value const &object, Location const &location);
    void report(std::vector<Problem> const &problems, std::string const &file);

    Collected m_collected;
};

void Collector::report(std::vector<Problem> const &problems, std::string const &file)
{
    for (auto const &problem : problems) {
        m_collected.problems.push_back(fmt::format("{}: {}", Location{file, problem.line}.text(), problem.why));
    }
}

void Collector::read(ManifestText const &text)
{
    std::size_t objects = 0;
    auto const problems = parse_documents(text.text, [&](Value &&object) {
        objects += static_cast<std::size_t>(object.is_map() || object.is_list());
        for (auto &item : items_of_typed_list(object)) {
            add(item, text.name);
        }
        add(object, text.name);
    });
    report(problems, text.name);
    if (!problems.empty() && objects == 0) {
        m_collected.unparsed.push_back(text.name);
    }
}

void Collector::read_kustomization_file(ManifestText const &text)
{
    auto const problems = parse_documents(text.text, [&](Value &&value) {
        if (group_of(value) == "kustomize.toolkit.fluxcd.io") {
            add(value, text.name); // Flux's own kind, in a file of that name
        } else if (value.is_map()) {
            m_collected.kustomizations.push_back(read_kustomization(value, text.name));
        }
    });
    report(problems, text.name);
}

void Collector::add(Value const &object, std::string const &file)
{
    auto &objects = m_collected.objects;
    Location const location{file, object.line};
    switch (use_of(object)) {
    case Use::workload:
        if (auto pods = read_pods(object, location)) {
            objects.statements.push_back(statement_of(*pods));
            objects.pods.push_back(std::move(*pods));
        }
        break;
    case Use::config_map:
        objects.configurations.push_back(read_config_map(object, location));
        objects.statements.push_back(statement_of(objects.configurations.back()));
        break;
    case Use::service:
        add_service(object, location);
        break;
    case Use::slice:
        if (auto slice = read_endpoint_slice(object)) {
            objects.slices.push_back(std::move(*slice));
        }
        break;
    case Use::endpoints:
        objects.endpoints.push_back(read_endpoints(object));
        break;
    case Use::route:
        add_route(object, location);
        break;
    case Use::context:
        objects.statements.push_back(statement_of_context(object, location));
        read_route_context(object, objects.context);
        break;
    case Use::autoscaler:
        if (auto autoscaler = read_autoscaler(object)) {
            objects.autoscalers.push_back(std::move(*autoscaler));
        }
        break;
    case Use::unread:
        ++m_collected.unread[std::string{text_of(object["kind"])} + " of " + std::string{group_of(object)}];
        break;
    case Use::nothing:
        break;
    }
}

void Collector::add_service(Value const &object, Location const &location)
{
    auto &objects = m_collected.objects;
    objects.services.push_back(read_service(object, location));
    if (text_of(object["spec"]["type"]) == "ExternalName") {
        objects.external_names[name_of(object).text()] = text_of(object["spec"]["externalName"]);
    }
    auto hosts = read_service_hosts(object, location.file);
    objects.statements.push_back(statement_of_service(object, hosts, location));
    std::ranges::move(hosts, std::back_inserter(objects.route_backends));
}

void Collector::add_route(Value const &object, Location const &location)
{
    auto &objects = m_collected.objects;
    auto route_backends = read_route(object, location.file);
    objects.statements.push_back(statement_of_route(object, route_backends, location));
    std::ranges::move(route_backends, std::back_inserter(objects.route_backends));
}

void Collector::adopt(Collected more)
{
    auto const move_all = [](auto &from, auto &into) { std::ranges::move(from, std::back_inserter(into)); };
    auto &objects = m_collected.objects;
    move_all(more.objects.pods, objects.pods);
    move_all(more.objects.services, objects.services);
    move_all(more.objects.configurations, objects.configurations);
    move_all(more.objects.slices, objects.slices);
    move_all(more.objects.autoscalers, objects.autoscalers);
    move_all(more.objects.statements, objects.statements);
    move_all(more.objects.endpoints, objects.endpoints);
    move_all(more.objects.route_backends, objects.route_backends);
    objects.context.listeners.merge(more.objects.context.listeners);
    objects.context.subsets.merge(more.objects.context.subsets);
    objects.context.grants.merge(more.objects.context.grants);
    objects.external_names.merge(more.objects.external_names);
    move_all(more.problems, m_collected.problems);
    move_all(more.unparsed, m_collected.unparsed);
    for (auto const &[kind, count] : more.unread) {
        m_collected.unread[kind] += count;
    }
}

/// The first object that both have under one name, and not the same: they cannot stand in one cluster.
std::string conflict(Objects const &left, Objects const &right)
{
    if (auto const both = repeated(left.statements, right.statements); !both.empty()) {
        return both.front().second.object;
    }
    std::map<ObjectName, Labels> selectors;
    for (auto const &service : left.services) {
        selectors[service.name] = service.selector;
    }
    for (auto const &service : right.services) {
        auto const found = selectors.find(service.name);
        if (found != selectors.end() && found->second != service.selector) {
            return "Service " + service.name.text();
        }
    }
    return {};
}

std::string normal_name(std::string const &name)
{
    return std::filesystem::path{name}.lexically_normal().string();
}

/// What an earlier tree holds, as far as a later one can contradict it.
void remember(Objects const &objects, Objects &known)
{
    auto const add = [](auto const &from, auto &into) { std::ranges::copy(from, std::back_inserter(into)); };
    add(objects.services, known.services);
    add(objects.statements, known.statements);
}

/// Adds the rendered trees, but for those that cannot stand beside an earlier one.
void add_trees(std::vector<ManifestText> const &texts, std::vector<RenderedTree> &trees, Collector &collector)
{
    Objects known;
    auto tree = trees.begin();
    for (auto const &text : texts) {
        if (text.rendered_from.empty()) {
            continue;
        }
        if (text.failure.empty()) {
            Collector own;
            own.read(text);
            auto collected = own.take();
            tree->left_out = conflict(known, collected.objects);
            if (tree->left_out.empty()) {
                remember(collected.objects, known);
                collector.adopt(std::move(collected));
            }
        }
        ++tree;
    }
}

RenderedTree tree_of_text(ManifestText const &text, std::vector<Kustomization> const &kustomizations)
{
    RenderedTree tree;
    tree.file = text.name;
    tree.folder = text.rendered_from;
    tree.paths = tree_of(kustomizations, text.rendered_from);
    tree.failure = text.failure;
    for (auto const &one : kustomizations) {
        auto const prefix = one.prefix.substr(0, one.prefix.find('*'));
        if (!prefix.empty() && tree.paths.contains(normal_path(one.folder))) {
            tree.prefixes.emplace(prefix, one.file);
        }
    }
    return tree;
}

std::vector<RenderedTree> trees_of(std::vector<ManifestText> const &texts,
                                   std::vector<Kustomization> const &kustomizations)
{
    std::vector<RenderedTree> trees;
    for (auto const &text : texts) {
        if (!text.rendered_from.empty()) {
            trees.push_back(tree_of_text(text, kustomizations));
        }
    }
    return trees;
}

bool is_source(ManifestText const &text)
{
    return text.rendered_from.empty() && !is_kustomization_file(text.name);
}

} // namespace

Collected collect(std::vector<ManifestText> const &texts)
{
    Collector sources;
    for (auto const &text : texts) {
        if (is_kustomization_file(text.name) && text.rendered_from.empty()) {
            sources.read_kustomization_file(text);
        }
    }
    auto kustomizations = sources.take();
    auto material = raw_material(kustomizations.kustomizations);
    auto trees = trees_of(texts, kustomizations.kustomizations);
    for (auto const &tree : trees) {
        if (tree.failure.empty()) {
            material.insert(tree.paths.begin(), tree.paths.end());
        }
    }
    Collector collector;
    Collector raw;
    collector.adopt({.objects = std::move(kustomizations.objects), .unread = std::move(kustomizations.unread)});
    std::set<std::string> raw_files;
    for (auto const &text : texts) {
        auto const name = normal_name(text.name);
        if (!is_source(text)) {
            continue;
        }
        (material.contains(name) ? raw : collector).read(text);
        if (material.contains(name) && std::none_of(trees.begin(), trees.end(), [&](RenderedTree const &tree) {
                return tree.paths.contains(name);
            })) {
            raw_files.insert(text.name);
        }
    }
    add_trees(texts, trees, collector);
    auto collected = collector.take();
    auto set_aside = raw.take();
    collected.raw = std::move(set_aside.objects);
    collected.raw_files = std::move(raw_files);
    collected.trees = std::move(trees);
    collected.kustomizations = std::move(kustomizations.kustomizations);
    collected.problems.insert(collected.problems.begin(), kustomizations.problems.begin(),
                              kustomizations.problems.end());
    std::ranges::move(set_aside.problems, std::back_inserter(collected.problems));
    std::ranges::move(set_aside.unparsed, std::back_inserter(collected.unparsed));
    return collected;
}

} // namespace misroute::k8s
