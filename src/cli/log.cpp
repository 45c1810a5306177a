// SPDX-License-Identifier: Apache-2.0
#include "cli/log.hpp"

#include "cli/terminal.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace misroute::cli {

void start_log(int verbose, bool quiet)
{
    auto logger = std::make_shared<spdlog::logger>("misroute", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("misroute: %l: %v");
    logger->set_level(quiet ? spdlog::level::err : verbose > 1 ? spdlog::level::debug : spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void warn(std::string_view sentence)
{
    clear_progress();
    spdlog::warn("{}", safe(sentence));
}

void inform(std::string_view sentence)
{
    clear_progress();
    spdlog::info("{}", safe(sentence));
}

void inform_lines(std::string_view text)
{
    spdlog::info("{}", safe_lines(text));
}

} // namespace misroute::cli
