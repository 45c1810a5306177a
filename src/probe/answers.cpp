// SPDX-License-Identifier: Apache-2.0
#include "probe/answers.hpp"

#include "misroute/model/litellm.hpp"

#include <nlohmann/json.hpp>

namespace misroute {

namespace {

using Json = nlohmann::json;

/// The text of a member; empty when it is missing or no text.
std::string text_at(Json const &object, char const *name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Json const &object_at(Json const &object, char const *name)
{
    static Json const empty = Json::object();
    auto const found = object.find(name);
    return found != object.end() && found->is_object() ? *found : empty;
}

std::vector<std::string> tags_of(Json const &params)
{
    std::vector<std::string> tags;
    auto const found = params.find("tags");
    for (auto const &tag : found != params.end() && found->is_array() ? *found : Json::array()) {
        if (tag.is_string()) {
            tags.push_back(tag.get<std::string>());
        }
    }
    return tags;
}

Deployment deployment_of(Json const &entry, std::string const &instance_tag)
{
    auto const &params = object_at(entry, "litellm_params");
    auto const model = text_at(params, "model");
    auto const named = litellm::provider_of(text_at(params, "custom_llm_provider"), {});
    Backend backend{named.empty() ? litellm::provider_of_model(model) : named,
                    litellm::upstream_of(text_at(params, "api_base")),
                    litellm::tag_value(tags_of(params), {instance_tag})};
    auto const &info = object_at(entry, "model_info");
    auto const database = info.find("db_model");
    bool const from_database = database != info.end() && database->is_boolean() && database->get<bool>();
    return {text_at(info, "id"), model, std::move(backend), from_database};
}

} // namespace

std::optional<std::vector<Deployment>> read_model_info(std::string_view body, std::string const &instance_tag)
{
    auto const answer = Json::parse(body, nullptr, false);
    if (!answer.is_object() || !answer.contains("data") || !answer["data"].is_array()) {
        return std::nullopt;
    }
    std::map<std::string, Deployment> deployments;
    for (auto const &entry : answer["data"]) {
        if (entry.is_object()) {
            auto deployment = deployment_of(entry, instance_tag);
            auto const identity =
                deployment.id.empty() ? deployment.model + ' ' + deployment.backend.text() : deployment.id;
            deployments.emplace(identity, std::move(deployment));
        }
    }
    std::vector<Deployment> result;
    result.reserve(deployments.size());
    for (auto &[identity, deployment] : deployments) {
        result.push_back(std::move(deployment));
    }
    return result;
}

std::optional<Deployment> read_completion(std::map<std::string, std::string> const &headers, std::string const &model)
{
    auto const value = [&](char const *name) {
        auto const found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    };
    Deployment deployment{value("x-litellm-model-id"), model, {}, false};
    deployment.backend.upstream = litellm::upstream_of(value("x-litellm-model-api-base"));
    if (deployment.id.empty() && deployment.backend.upstream.empty()) {
        return std::nullopt;
    }
    return deployment;
}

} // namespace misroute
