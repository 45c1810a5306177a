// SPDX-License-Identifier: Apache-2.0
#include "k8s/collect.hpp"

#include "k8s/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace misroute::k8s {

namespace {

/// A kind that is read, and the API groups it comes from: Knative, too, has a kind "Service".
struct KnownKind
{
    std::string_view kind;
    std::string_view group; ///< empty is the core group
};

constexpr std::array<KnownKind, 13> k_kinds{{
    {"ConfigMap", ""},
    {"CronJob", "batch"},
    {"DaemonSet", "apps"},
    {"Deployment", "apps"},
    {"EndpointSlice", "discovery.k8s.io"},
    {"Endpoints", ""},
    {"HTTPRoute", "gateway.networking.k8s.io"},
    {"Ingress", "networking.k8s.io"},
    {"Job", "batch"},
    {"Pod", ""},
    {"ReplicaSet", "apps"},
    {"Service", ""},
    {"StatefulSet", "apps"},
}};

bool is_known(Value const &object)
{
    std::string_view const version = text_of(object["apiVersion"]);
    auto const slash = version.find('/');
    auto const group = slash == std::string_view::npos ? std::string_view{} : version.substr(0, slash);
    return std::any_of(k_kinds.begin(), k_kinds.end(), [&](KnownKind const &known) {
        return known.kind == text_of(object["kind"]) && (version.empty() || known.group == group);
    });
}

/// Reads one text after the other.
class Collector
{
public:
    void read(ManifestText const &text);
    void read_kustomization_file(ManifestText const &text);
    Collected take() { return std::move(m_collected); }

private:
    void add(Value const &object, std::string const &file);
    void add_network(Value const &object, std::string const &kind, std::string const &file);
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
    auto const problems = parse_documents(text.text, [&](Value &&object) { add(object, text.name); });
    report(problems, text.name);
}

void Collector::read_kustomization_file(ManifestText const &text)
{
    auto const problems = parse_documents(text.text, [&](Value &&value) {
        if (value.is_map()) {
            m_collected.kustomizations.push_back(read_kustomization(value, text.name));
        }
    });
    report(problems, text.name);
}

void Collector::add(Value const &object, std::string const &file)
{
    if (!is_known(object)) {
        return;
    }
    auto const &kind = text_of(object["kind"]);
    if (is_workload(kind)) {
        if (auto pods = read_pods(object, {file, object.line})) {
            m_collected.objects.pods.push_back(std::move(*pods));
        }
        return;
    }
    if (kind == "ConfigMap") {
        auto configuration = read_config_map(object);
        m_collected.objects.config_maps.insert(configuration.name.text());
        if (!configuration.models.empty()) {
            m_collected.objects.configurations.push_back(std::move(configuration));
        }
        return;
    }
    add_network(object, kind, file);
}

void Collector::add_network(Value const &object, std::string const &kind, std::string const &file)
{
    auto &objects = m_collected.objects;
    if (kind == "Service") {
        if (auto service = read_service(object, {file, object.line})) {
            objects.services.push_back(std::move(*service));
        }
    } else if (kind == "EndpointSlice") {
        if (auto slice = read_endpoint_slice(object)) {
            objects.slices.push_back(std::move(*slice));
        }
    } else if (kind == "Endpoints") {
        objects.endpoints.push_back(read_endpoints(object));
    } else {
        auto const route_backends = kind == "Ingress" ? read_ingress(object, file) : read_http_route(object, file);
        objects.route_backends.insert(objects.route_backends.end(), route_backends.begin(), route_backends.end());
    }
}

std::string normal_name(std::string const &name)
{
    return std::filesystem::path{name}.lexically_normal().string();
}

} // namespace

Collected collect(std::vector<ManifestText> const &texts)
{
    Collector sources;
    for (auto const &text : texts) {
        if (is_kustomization_file(text.name)) {
            sources.read_kustomization_file(text);
        }
    }
    auto const kustomizations = sources.take();
    auto const material = raw_material(kustomizations.kustomizations);
    Collector collector;
    std::size_t left_out = 0;
    for (auto const &text : texts) {
        if (material.contains(normal_name(text.name))) {
            ++left_out;
        } else if (!is_kustomization_file(text.name)) {
            collector.read(text);
        }
    }
    auto collected = collector.take();
    collected.kustomizations = kustomizations.kustomizations;
    collected.problems.insert(collected.problems.begin(), kustomizations.problems.begin(),
                              kustomizations.problems.end());
    if (left_out != 0) {
        collected.notes.push_back(fmt::format("{} {} that a kustomization changes {} not examined as {} stand{}: pipe "
                                              "in what `kubectl kustomize` prints",
                                              left_out, left_out == 1 ? "file" : "files",
                                              left_out == 1 ? "was" : "were", left_out == 1 ? "it" : "they",
                                              left_out == 1 ? "s" : ""));
    }
    return collected;
}

} // namespace misroute::k8s
