// SPDX-License-Identifier: Apache-2.0
//
// What a detector says, and how the explanations of several findings are ranked. Plain data: the formats print it.
#pragma once

#include "misroute/model/rule.hpp"
#include "misroute/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// A place in a file of the user's, for editors and code-scanning systems. `line` counts from 1; 0 is the whole file.
struct Location
{
    std::string file;
    int line = 0;

    /// "misroute.yaml:12".
    std::string text() const;
    auto operator<=>(Location const &) const = default;
};

/// One request that shows the finding.
struct Evidence
{
    Instant time{};
    std::string request_id;
    std::string model;
    std::string provider;
    std::string upstream;
    std::int64_t tokens = 0;
    std::int64_t spend_nano = 0; ///< US dollars × 10⁹
};

/// Why a finding does not count towards the exit code.
struct Suppression
{
    std::string reason;
    std::string until; ///< YYYY-MM-DD, or empty for ever
};

/// One step of a repair or of a check: what to do in words, or what to type, or both. Parts that a step lacks are
/// empty.
struct Step
{
    std::string text;    ///< prose, one line, to be read before the rest
    std::string command; ///< for a POSIX shell; may span lines and end in a comment
    std::string object;  ///< what it is about, "Service litellm/claude-litellm"
    std::string patch;   ///< what the command applies, or what goes into a file: JSON or YAML, may span lines

    /// All of it to be read as one: prose, patch (unless the command carries it), command, each on lines of its own.
    std::string lines() const;
};

/// Step::lines() of each.
std::vector<std::string> lines_of(std::vector<Step> const &steps);

/// What became of a finding between an earlier look at the log and this one (`scan --changes-since`).
enum class FindingState
{
    fresh,    ///< "new": it was not there then, or had ended and came back
    worse,    ///< its share of the requests grew, or further instances answer
    ongoing,  ///< as it was
    ended,    ///< the clean requests after it exclude its share; they did not then
    reminded, ///< as it was, and due to be told again (`--remind`)
};

/// "new", "worse", "ongoing", "ended", "reminded".
std::string_view to_string(FindingState state);

/// A deviation from what is expected. Names in it come from rows and manifests: hostile until printed.
struct Finding
{
    Rule rule{};
    Severity severity = Severity::info;
    std::string fingerprint; ///< 16 hex digits, stable across runs for the same rule, issuer, instance and object
    std::string issuer;      ///< Issuer::text(), or empty
    std::string instance;    ///< or empty
    std::string object;      ///< "Service litellm/claude-litellm" for findings from manifests, or empty
    std::int64_t requests = 0;
    std::string message; ///< one sentence, lower case, no full stop
    std::string expected;
    std::string observed;
    std::vector<Evidence> evidence; ///< oldest first, a handful
    std::vector<Step> steps;        ///< what ends it, in order
    std::optional<Location> location;
    std::optional<Suppression> suppressed;
    std::optional<FindingState> state; ///< none where nobody asked, and of what had ended before the earlier look
};

/// People are told of it: not suppressed, and new, worse, ended or due to be told again.
bool is_told(Finding const &finding);

/// Fills `fingerprint` from rule, issuer, instance and object (FNV-1a, 64 bit).
std::string fingerprint_of(Finding const &finding);

/// A ranked explanation. `score` is 0…1 and only orders the causes; it is no probability.
struct Cause
{
    std::string cause; ///< a name of the cause table
    double score = 0;
    bool confirmed = false;                    ///< traffic and manifests agree
    std::vector<std::string> evidence_for;     ///< what speaks for it
    std::vector<std::string> evidence_against; ///< what speaks against it
    std::vector<Step> next;                    ///< what settles it
    std::vector<Step> steps;                   ///< what ends it, in order
};

} // namespace misroute
