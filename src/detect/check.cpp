// SPDX-License-Identifier: Apache-2.0
#include "detect/check.hpp"

#include "detect/statistics.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace misroute {

namespace {

std::string percent(double share)
{
    return fmt::format("{:.3g} %", share * 100);
}

/// Foreign requests that count: none when every mismatch found at the instance is suppressed.
std::int64_t foreign_of(Report const &report, InstanceReport const &instance)
{
    bool found = false;
    bool open = false;
    for (auto const &finding : report.findings) {
        if (row_of(finding.rule).is_mismatch && finding.instance == instance.name) {
            found = true;
            open = open || !finding.suppressed;
        }
    }
    return found && !open ? 0 : instance.counts.foreign;
}

std::string of_clean(CheckedInstance const &instance, CheckPlan const &plan)
{
    auto const sticky =
        static_cast<double>(instance.home) - instance.effective >= 0.5
            ? fmt::format(" (worth {:.1f} independent ones, so sticky is this traffic)", instance.effective)
            : std::string{};
    return fmt::format("{}{}: a share above {} would have been seen with {} confidence",
                       text::counted(instance.home, "clean request"), sticky, percent(*instance.excludes_share),
                       percent(plan.confidence));
}

/// `worth`: clean requests of this instance that are worth one independent one.
std::int64_t missing_of(CheckedInstance const &instance, CheckPlan const &plan, double worth)
{
    auto const needed =
        std::max(plan.min_requests, clean_requests_needed(plan.exclude_share, 1 - plan.confidence, worth));
    return std::max<std::int64_t>(1, needed - instance.home);
}

std::string of_open(CheckedInstance const &instance, CheckPlan const &plan)
{
    if (!instance.excludes_share) {
        return instance.name + " has no request that tells who answered it";
    }
    return fmt::format("{} has {}; excluding a share of {} takes {} more", instance.name, of_clean(instance, plan),
                       percent(plan.exclude_share), text::grouped(instance.missing));
}

std::string of_foreign(CheckedInstance const &instance)
{
    return fmt::format("{} of {} of {} {} answered by another instance", text::grouped(instance.foreign),
                       text::counted(instance.home + instance.foreign, "request"), instance.name,
                       instance.foreign == 1 ? "was" : "were");
}

void decide(CheckedInstance &instance, CheckPlan const &plan, double worth)
{
    constexpr double k_rounding = 1e-12;
    if (instance.foreign > 0) {
        instance.verdict = "fail";
        instance.sentence = of_foreign(instance);
    } else if (instance.home >= plan.min_requests &&
               instance.excludes_share.value_or(1.0) <= plan.exclude_share + k_rounding) {
        instance.verdict = "pass";
        instance.sentence = of_clean(instance, plan);
    } else {
        instance.missing = missing_of(instance, plan, worth);
        instance.sentence = of_open(instance, plan);
    }
}

CheckedInstance checked(Report const &report, InstanceReport const &instance, CheckPlan const &plan,
                        Dependence const &dependence)
{
    CheckedInstance result;
    result.name = instance.name;
    result.home = instance.counts.home;
    result.foreign = foreign_of(report, instance);
    auto const found = dependence.find(instance.name);
    auto const worth = found == dependence.end() ? 1.0 : std::max(1.0, found->second);
    result.effective = static_cast<double>(result.home) / worth;
    if (result.home > 0 && result.foreign == 0) {
        result.excludes_share = share_excluded_by(result.effective, 1 - plan.confidence);
    }
    decide(result, plan, worth);
    return result;
}

/// The sentences of the instances with this verdict.
std::string sentences(CheckResult const &check, std::string_view verdict)
{
    std::vector<std::string> parts;
    for (auto const &instance : check.instances) {
        if (instance.verdict == verdict) {
            parts.push_back(instance.sentence);
        }
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string passed(CheckResult const &check)
{
    auto const &least = *std::ranges::max_element(
        check.instances, {}, [](CheckedInstance const &instance) { return instance.excludes_share.value_or(1.0); });
    return check.instances.size() == 1 ? least.sentence
                                       : fmt::format("of {} instances {} has seen least: {}", check.instances.size(),
                                                     least.name, least.sentence);
}

std::string undecided(CheckResult const &check, bool complete)
{
    auto open = check.instances.empty() ? "there is no instance to check" : sentences(check, "inconclusive");
    return complete ? open : "part of the window could not be read" + (open.empty() ? "" : "; " + open);
}

} // namespace

Dependence dependence_seen(Report const &report)
{
    Dependence seen;
    for (auto const &issuer : report.issuers) {
        if (issuer.dispatch && issuer.dispatch->pattern == Pattern::sticky) {
            auto &worth = seen[issuer.instance.text()];
            worth = std::max(worth, issuer.dispatch->dependence);
        }
    }
    return seen;
}

CheckResult conclude_check(Report const &report, CheckPlan const &plan, Dependence const &dependence)
{
    CheckResult check;
    check.confidence = plan.confidence;
    check.exclude_share = plan.exclude_share;
    for (auto const &instance : report.instances) {
        if (plan.instances.empty() || plan.instances.contains(instance.name)) {
            check.instances.push_back(checked(report, instance, plan, dependence));
        }
    }
    auto const any = [&](std::string_view verdict) {
        return std::ranges::find(check.instances, verdict, &CheckedInstance::verdict) != check.instances.end();
    };
    if (any("fail")) {
        check.verdict = "fail";
        check.sentence = sentences(check, "fail");
    } else if (any("pass") && !any("inconclusive") && report.complete()) {
        check.verdict = "pass";
        check.sentence = passed(check);
    } else {
        check.verdict = "inconclusive";
        check.sentence = undecided(check, report.complete());
    }
    return check;
}

std::string still_missing(CheckResult const &check)
{
    std::vector<std::string> parts;
    for (auto const &instance : check.instances) {
        if (instance.missing > 0) {
            parts.push_back(fmt::format("{} of {}", text::counted(instance.missing, "clean request"), instance.name));
        }
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

bool all_decided(CheckResult const &check)
{
    return !check.instances.empty() &&
           std::ranges::find(check.instances, "inconclusive", &CheckedInstance::verdict) == check.instances.end();
}

} // namespace misroute
