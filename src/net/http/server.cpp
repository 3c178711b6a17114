#include "net/http/server.hpp"

#include "net/http/connection.hpp"
#include "net/http/listening.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace berth::net {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

error cannot_listen(std::uint16_t port, const std::string& address, const error_code& ec) {
    auto detail = "Berth cannot listen on port " + std::to_string(port) + " (" + address + "): ";
    if (ec == asio::error::address_in_use)
        detail += "another program has it, perhaps another Berth. End that one, or choose another port with --port.";
    else
        detail += ec.message() + ". Choose another port with --port.";
    return {errc::invalid_request, std::move(detail)};
}

class tcp_server final : public server {
public:
    tcp_server(asio::any_io_executor executor, asio::any_io_executor workers, orchestrator& orch, log_files& logs,
               server_options options)
        : executor_(executor), orch_(orch),
          host_(std::make_shared<connection_host>(std::move(options), logs, executor, orch)), sweep_(executor),
          drained_(executor) {
        host_->told = std::make_unique<watchers>(orch);
        host_->hub = create_hub(executor, orch, *host_->told, logs, host_->options.hub);
        host_->mcp = mcp::create_endpoint(executor, workers, orch, *host_->told, logs, host_->options.version,
                                          host_->options.mcp);
        host_->sleepers = create_holder(host_->relays, *host_->told, [host = std::weak_ptr(host_)] {
            auto kept = host.lock();
            return kept ? take_slot(kept) : nullptr;
        });
        auto* host = host_.get(); // the calls belong to it
        host_->calls =
            create_api({orch, logs, host->counters, executor, std::move(workers), host->options.idle_deadline,
                        [host] { return host->hub->clients(); }, [host] { return host->connections; },
                        host->options.web_root, host->options.version});
    }

    ~tcp_server() override {
        host_->mcp->close();
        host_->sleepers->close();
        orch_.watch(nullptr);
        host_->stopping = true;
        host_->on_end = nullptr;
    }

    result<> open() override {
        tcp::acceptor v4(executor_);
        tcp::endpoint at(asio::ip::address_v4::loopback(), host_->options.port);
        if (auto ec = listen(v4, at))
            return cannot_listen(at.port(), "127.0.0.1", ec);
        host_->port = host_->relays.port = v4.local_endpoint().port();
        tcp::acceptor v6(executor_);
        if (auto ec = listen(v6, {asio::ip::address_v6::loopback(), host_->port}); is_absent(ec))
            spdlog::warn("This machine has no IPv6 loopback; Berth listens on 127.0.0.1 only.");
        else if (ec)
            return cannot_listen(host_->port, "[::1]", ec);
        else
            acceptors_.push_back(std::move(v6));
        acceptors_.push_back(std::move(v4));
        for (auto& acceptor : acceptors_)
            asio::co_spawn(executor_, accept(acceptor), asio::detached);
        asio::co_spawn(executor_, sweep(), asio::detached);
        host_->sleepers->open();
        return {};
    }

    std::uint16_t port() const override { return host_->port; }

    task<> shut_down() override {
        host_->stopping = true;
        error_code ec;
        for (auto& acceptor : acceptors_)
            acceptor.close(ec);
        host_->sleepers->close();
        host_->on_end = [this] {
            if (host_->connections == 0)
                drained_.cancel();
        };
        drained_.expires_after(host_->options.shut_down_deadline);
        for_each_open([](connection& c) { c.close_if_idle(); });
        host_->mcp->close();
        co_await host_->hub->shut_down();
        orch_.watch(nullptr);
        if (host_->connections > 0)
            co_await drained_.async_wait(as_result);
        host_->on_end = nullptr;
        if (host_->connections > 0)
            spdlog::warn("{} connections did not end in time and are closed.", host_->connections);
        for_each_open([](connection& c) { c.close_now(); });
        sweep_.cancel();
        // One turn, for what was just closed to end.
        co_await asio::post(executor_, asio::use_awaitable);
    }

private:
    task<> accept(tcp::acceptor& acceptor) {
        bool failing = false; // said once, not ten times a second
        while (acceptor.is_open()) {
            auto [ec, socket] = co_await acceptor.async_accept(as_result);
            if (ec && acceptor.is_open()) {
                // Out of descriptors, most likely: they come back when connections end.
                if (!std::exchange(failing, true))
                    spdlog::warn("Connections cannot be accepted: {}. It is tried again.", ec.message());
                asio::steady_timer pause(executor_, std::chrono::milliseconds(100));
                co_await pause.async_wait(as_result);
            }
            if (!ec) {
                failing = false;
                admit(std::move(socket));
            }
        }
    }

    void admit(tcp::socket socket) {
        if (host_->stopping)
            return;
        auto slot = take_slot(host_);
        if (!slot) {
            host_->counters.count(endpoint::refused, 503);
            turn_away(socket);
            return;
        }
        asio::co_spawn(executor_, serve(std::move(socket), host_, std::move(slot)), asio::detached);
    }

    /// Often enough that a deadline is late by an eighth of the shortest one at most.
    task<> sweep() {
        using std::chrono::milliseconds;
        auto& o = host_->options;
        auto every = std::clamp<milliseconds>(std::min(o.request_deadline, o.idle_deadline) / 8, milliseconds(5),
                                              milliseconds(1000));
        while (true) {
            sweep_.expires_after(every);
            auto [ec] = co_await sweep_.async_wait(as_result);
            if (ec)
                co_return;
            auto now = clock::now();
            for_each_open([now](connection& c) { c.sweep(now); });
            host_->sleepers->sweep(now);
        }
    }

    /// A connection may leave the set while it is told something.
    template <class F>
    void for_each_open(F f) {
        for (auto it = host_->open.begin(); it != host_->open.end();)
            f(**it++);
    }

    asio::any_io_executor executor_;
    orchestrator& orch_;
    std::shared_ptr<connection_host> host_;
    std::vector<tcp::acceptor> acceptors_;
    asio::steady_timer sweep_;
    asio::steady_timer drained_;
};

} // namespace

std::unique_ptr<server> create_server(asio::any_io_executor executor, asio::any_io_executor workers, orchestrator& orch,
                                      log_files& logs, server_options options) {
    return std::make_unique<tcp_server>(std::move(executor), std::move(workers), orch, logs, std::move(options));
}

} // namespace berth::net
