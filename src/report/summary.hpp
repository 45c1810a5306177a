// SPDX-License-Identifier: Apache-2.0
//
// What several formats say about a report: its outcome in a sentence, its findings counted, the place in a file that
// a finding belongs to, and texts made harmless and short.
#pragma once

#include "misroute/model/report.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// Names wider than this are cut: clients choose them, and people read reports.
inline constexpr std::size_t k_name_columns = 120;
inline constexpr std::size_t k_sentence_columns = 400;
inline constexpr std::size_t k_block_bytes = 4000;

/// A printable text on one line (model/text.hpp), cut to `columns` with an ellipsis.
std::string one_line(std::string_view text, std::size_t columns = k_name_columns);

/// The printable lines of a patch or a step, cut after `k_block_bytes`.
std::vector<std::string> block(std::string_view text);

/// Nano-dollars as exact decimal digits: "0.076", "-0.000000001", "0".
std::string exact_usd(std::int64_t nano);

/// Findings by severity; the suppressed ones are counted apart.
struct FindingCounts
{
    std::int64_t errors = 0;
    std::int64_t warnings = 0;
    std::int64_t infos = 0;
    std::int64_t suppressed = 0;

    /// "1 error, 2 warnings", or "no findings"; informational and suppressed ones are named when there are any.
    std::string text() const;
};

FindingCounts count_findings(Report const &report);

/// Whether there are instances (or this one is, when named) whose answers nothing in the rows tells from another's: of
/// them no report may say that they answered.
bool cannot_be_told_apart(Report const &report, std::string_view instance = {});

/// The outcome in one sentence without a full stop: what was seen, and what could not be read.
std::string headline(Report const &report);

/// Where to send a reader: the finding's own place, else its instance's line in the configuration, else the
/// configuration file. None when no file is known. Standard input is no file.
std::optional<Location> place_of(Report const &report, Finding const &finding);

} // namespace misroute
