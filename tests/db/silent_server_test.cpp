// SPDX-License-Identifier: Apache-2.0
//
// A server that takes the connection and never says a word: waiting for it has an end, and a stop ends it at once.
#include "misroute/model/error.hpp"
#include "misroute/source.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace misroute {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class SilentServer
{
public:
    SilentServer() : m_socket{::socket(AF_INET, SOCK_STREAM, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address);
        auto *const place = reinterpret_cast<sockaddr *>(&address);
        EXPECT_EQ(::bind(m_socket, place, length), 0);
        EXPECT_EQ(::listen(m_socket, 8), 0);
        EXPECT_EQ(::getsockname(m_socket, place, &length), 0);
        m_port = ntohs(address.sin_port);
    }
    ~SilentServer() { ::close(m_socket); }
    SilentServer(SilentServer const &) = delete;
    SilentServer &operator=(SilentServer const &) = delete;

    std::string url() const { return fmt::format("host=127.0.0.1 port={} dbname=litellm user=nobody", m_port); }

private:
    int m_socket;
    int m_port = 0;
};

std::chrono::duration<double> time_to_give_up(SourceOptions const &options)
{
    auto const started = Clock::now();
    EXPECT_THROW(Source{options}, Error);
    return Clock::now() - started;
}

TEST(SilentServer, AStopEndsTheWaitForIt)
{
    SilentServer const server;
    std::stop_source stop;
    SourceOptions options;
    options.url = server.url();
    options.stop = stop.get_token();
    std::jthread const stopper{[&] {
        std::this_thread::sleep_for(200ms);
        stop.request_stop();
    }};
    EXPECT_LT(time_to_give_up(options), 1s);
}

TEST(SilentServer, ConnectTimeoutEndsTheWaitForIt)
{
    SilentServer const server;
    SourceOptions options;
    options.url = server.url() + " connect_timeout=2";
    EXPECT_LT(time_to_give_up(options), 5s);
}

} // namespace
} // namespace misroute
