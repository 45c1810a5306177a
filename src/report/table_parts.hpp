// SPDX-License-Identifier: Apache-2.0
//
// The parts of the report for a terminal, in the order of the page. Each draws nothing when it has nothing to say.
#pragma once

#include "misroute/model/report.hpp"
#include "report/text_canvas.hpp"

namespace misroute::table {

/// Columns of a name that stands in a sentence or at the head of a line.
inline constexpr std::size_t k_name = 48;

bool is_affected(IssuerReport const &issuer);

/// Whether what a finding says is drawn with its issuer or in the line of the price, so that it needs no line.
bool is_drawn_elsewhere(Report const &report, Finding const &finding);

/// Issuers with trouble: the first few in full, the others a line each.
void affected_issuers(TextCanvas &canvas, Report const &report);

/// Who answered an issuer's requests: a line per backend.
void backends(TextCanvas &canvas, IssuerReport const &issuer);

/// Tokens that nobody paid for.
void price(TextCanvas &canvas, Report const &report);

/// Entered at × answered by: equal rows mean that one pool of pods serves them all.
void matrix(TextCanvas &canvas, Report const &report);

/// Clean issuers, then those that could not be judged, folded after a few.
void calm_issuers(TextCanvas &canvas, Report const &report);

void causes(TextCanvas &canvas, Report const &report);
void findings(TextCanvas &canvas, Report const &report);

/// What changed since an earlier look, a finding at a time; the incident, its cause and what ends it where that is new.
void changes(TextCanvas &canvas, Report const &report);

/// "1 new, 2 ended", "nothing changed".
std::string count_changes(Report const &report);

/// What `check` concluded.
void conclusion(TextCanvas &canvas, Report const &report);

/// Says plainly that nothing was examined, why, and what to do.
void nothing_examined(TextCanvas &canvas, Report const &report);

/// Gaps, suppressed findings, notes, and the line of classes that adds up.
void small_print(TextCanvas &canvas, Report const &report);

} // namespace misroute::table
