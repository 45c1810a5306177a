// SPDX-License-Identifier: Apache-2.0
//
// A report read as a test run: a suite per instance, a case per rule and issuer. A case that a finding contradicts
// fails, one that nothing contradicts passes, and one that nothing could decide is skipped. Inconclusive is never
// shown as passed.
#pragma once

#include "misroute/model/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace misroute::junit {

enum class Outcome
{
    passed,
    skipped, ///< could not be decided, or is suppressed
    failed,  ///< a finding of at least the severity that fails a run
    error,   ///< a part of the window or a manifest could not be read
};

/// One case; all texts are printable. Several findings about one case are joined, since readers take one failure only.
struct Case
{
    std::string classname; ///< "claude.provider-mismatch"
    std::string rule;
    std::string name; ///< the issuer, the object, or what was examined
    Outcome outcome = Outcome::passed;
    std::string message;
    std::string text; ///< expected, observed, evidence and what to do; lines
    int failures = 0; ///< findings that make it fail; the message is the first one's
    std::optional<Location> location;
};

struct Suite
{
    std::string name;
    std::vector<Case> cases;
};

/// Suites in the order of the instances; the last is about the run itself. Findings below `fail_on` do not fail, and
/// none does without one.
std::vector<Suite> suites_of(Report const &report, std::optional<Severity> fail_on);

} // namespace misroute::junit
