// SPDX-License-Identifier: Apache-2.0
#include "cli/last_run.hpp"

#include "cli/log.hpp"
#include "cli/output.hpp"
#include "misroute/model/error.hpp"
#include "source/hash.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace misroute::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto k_longest_wait = 60s;
constexpr auto k_between_tries = 200ms;

std::string value_of(char const *name)
{
    char const *const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read before any thread starts
    return value == nullptr ? std::string{} : value;
}

Error unusable(std::string const &path)
{
    return Error{fmt::format("cannot keep the time of the last run in \"{}\": {}", path,
                             std::strerror(errno)), // NOLINT(concurrency-mt-unsafe): no other thread runs yet
                 {},
                 "make the folder writable, name another with XDG_STATE_HOME, or use --changes-since 1h, which keeps "
                 "nothing"};
}

std::string made_folder()
{
    auto folder = state_folder();
    if (folder.empty()) {
        throw Error{"--changes-since last-run has no folder to keep the time of the last run in",
                    {},
                    "set XDG_STATE_HOME, or use --changes-since 1h, which keeps nothing"};
    }
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path{folder}.parent_path(), ignored);
    if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        throw unusable(folder);
    }
    return folder;
}

/// False when somebody else holds it all the time.
bool locked(int descriptor, std::stop_token const &stop)
{
    auto const until = std::chrono::steady_clock::now() + k_longest_wait;
    while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (stop.stop_requested() || std::chrono::steady_clock::now() >= until) {
            return false;
        }
        std::this_thread::sleep_for(k_between_tries);
    }
    return true;
}

} // namespace

std::string state_folder()
{
    auto const xdg = value_of("XDG_STATE_HOME");
    auto const home = value_of("HOME");
    return xdg.empty() && home.empty() ? std::string{} : (xdg.empty() ? home + "/.local/state" : xdg) + "/misroute";
}

LastRun::LastRun(std::string const &what, std::stop_token const &stop)
    : m_file{made_folder() + "/last-run-" + sha256(what).substr(0, 16)}
{
    auto const lock = m_file + ".lock";
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
    m_lock = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (m_lock < 0) {
        throw unusable(lock);
    }
    if (!locked(m_lock, stop)) {
        warn(fmt::format("another run of this scan has been going on for more than a minute, and holds {}: it is not "
                         "waited for, and may tell the same",
                         lock));
    }
}

LastRun::~LastRun()
{
    close(m_lock);
}

std::optional<Instant> LastRun::kept() const
{
    std::ifstream file{m_file};
    std::string text;
    if (!file || !std::getline(file, text)) {
        return std::nullopt;
    }
    auto const at = parse_instant(text, {});
    if (!at) {
        warn(fmt::format("{} holds no time: everything is told as if this were the first run", m_file));
    }
    return at;
}

std::optional<Instant> LastRun::before(Instant now)
{
    auto const at = kept();
    if (!at || *at <= now) {
        return at;
    }
    warn(fmt::format(
        "the last run looked up to {}, which lies ahead of {} (has a clock jumped?): that is forgotten, and "
        "everything is told as if this were the first run",
        to_rfc3339(*at), to_rfc3339(now)));
    m_ahead = at;
    return std::nullopt;
}

void LastRun::keep(Instant at) const
{
    auto const kept = this->kept();
    if (!kept || *kept < at || kept == m_ahead) {
        write_file(m_file, to_rfc3339(at) + "\n");
    }
}

} // namespace misroute::cli
