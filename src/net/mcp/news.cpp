#include "net/mcp/news.hpp"

namespace berth::net::mcp {
namespace {

constexpr std::size_t most_failures = 64; // remembered, for who asks after a create that has ended

} // namespace

task<> news::moved(std::chrono::milliseconds most) {
    asio::steady_timer mine(executor_, most);
    waiting_.insert(&mine);
    co_await mine.async_wait(as_result);
    waiting_.erase(&mine);
}

void news::wake() {
    for (auto* timer : waiting_)
        timer->cancel();
}

void news::close() {
    closed_ = true;
    wake();
}

std::optional<error> news::failure_of(std::string_view id_or_request) const {
    for (auto& o : failed_)
        if (o.id == id_or_request || o.request == id_or_request)
            return o.error;
    return {};
}

void news::on_change(const change&) {
    changes_.apps = true;
    wake();
    if (on_news)
        on_news();
}

void news::on_operation(const operation& o) {
    if (o.error) {
        failed_.push_front(o);
        if (failed_.size() > most_failures)
            failed_.pop_back();
    }
    wake();
}

void news::on_wrote(const std::string& id) {
    changes_.wrote.insert(id);
    if (on_news)
        on_news();
}

} // namespace berth::net::mcp
