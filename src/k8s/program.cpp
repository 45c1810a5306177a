// SPDX-License-Identifier: Apache-2.0
#include "k8s/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace misroute::k8s {

namespace {

constexpr std::size_t k_most_errors = std::size_t{64} << 10U;
constexpr int k_poll_milliseconds = 50;

/// A descriptor that is closed when it goes.
class Descriptor
{
public:
    explicit Descriptor(int number = -1) : m_number{number} {}
    Descriptor(Descriptor const &) = delete;
    Descriptor &operator=(Descriptor const &) = delete;
    ~Descriptor() { close(); }

    int number() const { return m_number; }
    bool open() const { return m_number >= 0; }

    void reset(int number)
    {
        close();
        m_number = number;
    }

    void close()
    {
        if (open()) {
            ::close(m_number);
        }
        m_number = -1;
    }

private:
    int m_number;
};

struct Pipe
{
    Pipe()
    {
        std::array<int, 2> ends{-1, -1};
        if (pipe2(ends.data(), O_CLOEXEC) == 0) {
            from.reset(ends[0]);
            into.reset(ends[1]);
        }
    }

    Descriptor from;
    Descriptor into;
};

/// How the program starts: with these streams, and with no signal blocked or ignored.
class Start
{
public:
    Start(int output, int errors)
    {
        posix_spawn_file_actions_init(&m_actions);
        posix_spawn_file_actions_addopen(&m_actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&m_actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&m_actions, errors, STDERR_FILENO);
        posix_spawnattr_init(&m_attributes);
        sigset_t signals{};
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&m_attributes, &signals);
        sigaddset(&signals, SIGPIPE);
        posix_spawnattr_setsigdefault(&m_attributes, &signals);
        posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    Start(Start const &) = delete;
    Start &operator=(Start const &) = delete;
    ~Start()
    {
        posix_spawnattr_destroy(&m_attributes);
        posix_spawn_file_actions_destroy(&m_actions);
    }

    posix_spawn_file_actions_t const *actions() const { return &m_actions; }
    posix_spawnattr_t const *attributes() const { return &m_attributes; }

private:
    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
};

std::vector<char *> pointers_to(std::vector<std::string> &texts)
{
    std::vector<char *> pointers;
    std::transform(texts.begin(), texts.end(), std::back_inserter(pointers),
                   [](std::string &text) { return text.data(); });
    pointers.push_back(nullptr);
    return pointers;
}

/// A running program. One that still runs when this goes is killed: nothing is left behind.
class Child
{
public:
    Child(std::vector<std::string> command, std::vector<std::string> environment, Start const &start)
    {
        auto const path = command.front();
        m_error = posix_spawn(&m_process, path.c_str(), start.actions(), start.attributes(),
                              pointers_to(command).data(), pointers_to(environment).data());
    }
    Child(Child const &) = delete;
    Child &operator=(Child const &) = delete;
    ~Child()
    {
        if (m_error == 0 && !m_status) {
            kill(m_process, SIGKILL);
            int status = 0;
            while (waitpid(m_process, &status, 0) == -1 && errno == EINTR) {
            }
        }
    }

    int error() const { return m_error; }

    /// What waitpid() says of its end; nothing while it runs.
    std::optional<int> status()
    {
        int status = 0;
        if (!m_status && waitpid(m_process, &status, WNOHANG) == m_process) {
            m_status = status;
        }
        return m_status;
    }

private:
    pid_t m_process = 0;
    int m_error = 0;
    std::optional<int> m_status;
};

/// Adds what can be read now; closes the stream at its end.
void read_some(Descriptor &stream, std::string &text, std::size_t most)
{
    std::array<char, 65536> part{};
    auto const length = read(stream.number(), part.data(), part.size());
    if (length <= 0) {
        if (length == 0 || errno != EINTR) {
            stream.close();
        }
        return;
    }
    text.append(part.data(), std::min(static_cast<std::size_t>(length), most - std::min(most, text.size())));
}

/// Where a program's words come from.
struct Streams
{
    Descriptor &output;
    Descriptor &errors;

    bool open() const { return output.open() || errors.open(); }
};

void wait_for_output(Streams const &from, ProgramResult &result, std::size_t most)
{
    std::array<pollfd, 2> streams{{{from.output.number(), POLLIN, 0}, {from.errors.number(), POLLIN, 0}}};
    if (!from.open()) {
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
        return;
    }
    if (poll(streams.data(), streams.size(), k_poll_milliseconds) <= 0) {
        return;
    }
    if (streams[0].revents != 0) {
        read_some(from.output, result.output, most);
    }
    if (streams[1].revents != 0) {
        read_some(from.errors, result.errors, k_most_errors);
    }
}

std::string failure_of(int status)
{
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status) == 0 ? std::string{} : fmt::format("exit code {}", WEXITSTATUS(status));
    }
    return fmt::format("ended by signal {}", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

/// Reads until the program has ended and all it printed is here, or until it has to be ended.
std::string follow(Child &child, Streams const &from, ProgramResult &result, ProgramLimits const &limits,
                   std::stop_token const &stop)
{
    auto const end = std::chrono::steady_clock::now() + limits.time;
    while (from.open() || !child.status()) {
        wait_for_output(from, result, limits.output + 1);
        if (stop.stop_requested()) {
            return "asked to stop";
        }
        if (result.output.size() > limits.output) {
            return fmt::format("it prints more than {} MB", limits.output >> 20U);
        }
        if (std::chrono::steady_clock::now() > end) {
            return fmt::format("it took longer than {}", to_text(limits.time));
        }
    }
    return failure_of(*child.status());
}

} // namespace

ProgramResult run_program(std::vector<std::string> const &command, std::vector<std::string> const &environment,
                          ProgramLimits const &limits, std::stop_token const &stop)
{
    ProgramResult result;
    Pipe output;
    Pipe errors;
    if (!output.into.open() || !errors.into.open()) {
        result.failure = std::strerror(errno);
        return result;
    }
    Start const start{output.into.number(), errors.into.number()};
    Child child{command, environment, start};
    output.into.close();
    errors.into.close();
    result.failure = child.error() != 0 ? std::strerror(child.error())
                                        : follow(child, {output.from, errors.from}, result, limits, stop);
    return result;
}

} // namespace misroute::k8s
