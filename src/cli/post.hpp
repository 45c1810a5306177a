// SPDX-License-Identifier: Apache-2.0
//
// Sends a report to a webhook. Its URL is a secret: whoever knows it can write there. It is never shown.
#pragma once

#include "misroute/report.hpp"

#include <string>

namespace misroute::cli {

/// Throws Error when it is no http or https URL; the message does not repeat it.
void check_post(std::string const &url);

/// What to say when it could not be sent, after three tries; empty when it was, or when there is nothing to send: chats
/// get what people have to be told, programs get every report. What a service answers is not shown: it may repeat the
/// URL.
std::string post(Report const &report, RenderOptions const &options, std::string const &url, bool silent);

} // namespace misroute::cli
