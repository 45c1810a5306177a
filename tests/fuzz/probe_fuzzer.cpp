// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target: any bytes as what a server answers to a probe: the list of deployments, and, cut at line breaks,
// the headers of a completion. What is understood goes on into the report.
#include "investigate/probed.hpp"
#include "misroute/report.hpp"
#include "probe/answers.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
    using namespace misroute;
    std::string const text{data, data + size};
    ProbedUrl probed;
    probed.url = "https://claude.example.com";
    probed.host = "claude.example.com";
    ProbeAnswer answer;
    answer.host = probed.host;
    if (auto deployments = read_model_info(text, "instance")) {
        answer.deployments = std::move(*deployments);
    }
    probed.answers.push_back(answer);
    auto const line = text.find('\n');
    auto const rest = line == std::string::npos ? std::string{} : text.substr(line + 1);
    if (auto deployment =
            read_completion({{"x-litellm-model-id", text.substr(0, line)}, {"x-litellm-model-api-base", rest}}, text)) {
        answer.deployments = {*deployment};
        answer.request_id = rest;
        probed.answers.push_back(answer);
    }
    Fleet fleet;
    Instance instance;
    instance.name = "claude";
    instance.hosts = {"claude.example.com"};
    instance.expect = {{"anthropic", "api.anthropic.com"}};
    fleet.config.expectations.instances = {instance};
    Window const window{Instant{}, Instant{} + std::chrono::minutes{1}};
    auto const report = investigate_probe({probed}, fleet, {window, true});
    for (auto const &format : formats()) {
        format.render(report, {});
    }
    return 0;
}
