// SPDX-License-Identifier: Apache-2.0
//
// What is sent to other services: messages for chats, and alerts for Alertmanager. All of it is JSON.
#pragma once

#include "misroute/report.hpp"

#include <string>

namespace misroute {

/// The text of an incoming webhook of Slack, which Mattermost reads too: the brief report in a block of code, so that
/// no name is a mention, a link or a mark.
std::string render_slack(Report const &report, RenderOptions const &options);

/// The same as an adaptive card, for a webhook of Microsoft Teams.
std::string render_teams(Report const &report, RenderOptions const &options);

/// How long an alert lives that is not sent again.
inline constexpr Milliseconds k_alert_lives = std::chrono::hours{3};

/// POST /api/v2/alerts: an alert for each warning and error that is not suppressed. What is over has an end in the
/// past, and is resolved by that; what goes on ends k_alert_lives after the report, unless the next one sends it again.
std::string render_alerts(Report const &report, RenderOptions const &options);

} // namespace misroute
