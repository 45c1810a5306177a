// SPDX-License-Identifier: Apache-2.0
#include "k8s/litellm_config.hpp"

#include <gtest/gtest.h>

namespace misroute::k8s {
namespace {

/// The one backend that this configuration leads to, in a container with these variables.
std::string serves(std::string const &config, Environment const &environment = {})
{
    auto const file = parse_config("config.yaml", config);
    EXPECT_TRUE(file) << config;
    auto const served = served_by({*file}, environment);
    EXPECT_EQ(served.backends.size(), 1U) << config;
    return served.backends.empty() ? "" : served.backends.front().text();
}

std::string entry(std::string const &params)
{
    return "model_list: [{model_name: m, litellm_params: {" + params + "}}]\n";
}

TEST(LiteLlmConfig, TheVariableOfAProviderSaysWhereItIs)
{
    EXPECT_EQ(serves(entry("model: openai/gpt-5")), "openai at api.openai.com");
    EXPECT_EQ(serves(entry("model: openai/gpt-5"), {.values = {{"OPENAI_API_BASE", "https://gw.example/v1"}}}),
              "openai at gw.example");
    EXPECT_EQ(serves(entry("model: azure/gpt-5"), {.values = {{"AZURE_API_BASE", "https://elm.openai.azure.com/"}}}),
              "azure at elm.openai.azure.com");
    EXPECT_EQ(serves(entry("model: azure_ai/phi"), {.values = {{"AZURE_AI_API_BASE", "https://elm.example/"}}}),
              "azure_ai at elm.example");
    EXPECT_EQ(serves(entry("model: ollama/x"), {.values = {{"OLLAMA_API_BASE", "http://ollama:11434"}}}),
              "ollama at ollama:11434");
    EXPECT_EQ(serves(entry("model: azure/gpt-5"), {.values = {{"OPENAI_API_BASE", "https://gw.example/v1"}}}), "azure")
        << "another provider's";
    EXPECT_EQ(serves(entry("model: azure/gpt-5"), {.hidden = {"AZURE_API_BASE"}}), "azure");
}

TEST(LiteLlmConfig, ItsOwnVariablesOutrankThoseOfTheContainer)
{
    std::string const variables = "environment_variables:\n  OPENAI_API_BASE: https://relay.example/v1\n";
    EXPECT_EQ(serves(entry("model: openai/gpt-5") + variables), "openai at relay.example");
    EXPECT_EQ(serves(entry("model: openai/gpt-5") + variables, {.values = {{"OPENAI_API_BASE", "https://x.example"}}}),
              "openai at relay.example");
    EXPECT_EQ(serves(entry("model: openai/gpt-5") + variables, {.hidden = {"OPENAI_API_BASE"}}),
              "openai at relay.example");
}

TEST(LiteLlmConfig, AVariableThatNamesAnotherIsThatOrUnknown)
{
    auto const config = entry("model: openai/gpt-5, api_base: os.environ/UPSTREAM") +
                        "environment_variables: {UPSTREAM: os.environ/GATEWAY}\n";
    EXPECT_EQ(serves(config, {.values = {{"GATEWAY", "https://gw.example/v1"}}}), "openai at gw.example");
    EXPECT_EQ(serves(config, {.hidden = {"GATEWAY"}}), "openai") << "never the vendor's own host";
}

} // namespace
} // namespace misroute::k8s
