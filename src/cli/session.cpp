#include "cli/session.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::cli {

task<outcome<std::string>> ask(session& s, http_request request) {
    auto reply = co_await s.http.send(std::move(request));
    if (reply.has_error())
        co_return reply.error();
    co_return body_or_problem(*reply, s.server);
}

task<outcome<std::string>> get(session& s, std::string target) {
    http_request request;
    request.method = "GET";
    request.target = std::move(target);
    co_return co_await ask(s, std::move(request));
}

task<outcome<std::vector<listed_app>>> all_apps(session& s) {
    auto body = co_await get(s, "/api/apps");
    if (body.has_error())
        co_return body.error();
    co_return parse_apps(*body);
}

outcome<std::vector<listed_app>> pick(session& s, const std::vector<listed_app>& all,
                                      const std::vector<std::string>& references, naming enough) {
    auto meant = resolve(all, references, enough);
    if (meant.has_error())
        return meant.error();
    for (auto& guess : meant->guesses)
        s.out.note(guess);
    return std::move(meant->apps);
}

task<outcome<std::vector<listed_app>>> apps_meant(session& s, std::vector<std::string> references) {
    auto apps = co_await all_apps(s);
    if (apps.has_error())
        co_return apps.error();
    co_return pick(s, *apps, references);
}

task<outcome<listed_app>> one_app(session& s, std::string reference) {
    std::vector<std::string> references = {std::move(reference)};
    auto meant = co_await apps_meant(s, std::move(references));
    if (meant.has_error())
        co_return meant.error();
    co_return meant->front();
}

task<> pause(session& s, std::chrono::milliseconds time) {
    asio::steady_timer timer(s.executor, time);
    co_await timer.async_wait(as_result);
}

std::string in_quotes(const std::string& name) { return "\"" + visible(name) + "\""; }

std::string unstopped(std::string sentence) {
    if (sentence.ends_with('.'))
        sentence.pop_back();
    return sentence;
}

struct reader_watch::state {
    asio::posix::stream_descriptor pipe;
    std::function<void()> on_gone;
};

reader_watch::reader_watch(session& s, std::function<void()> on_gone) {
    struct stat about {};
    if (::fstat(STDOUT_FILENO, &about) != 0 || !S_ISFIFO(about.st_mode))
        return;
    // Opened anew: asio makes its descriptors non-blocking, and stdout is shared with the shell's other programs.
    int pipe = ::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (pipe < 0)
        return;
    state_ = std::make_shared<state>(state{asio::posix::stream_descriptor(s.executor, pipe), std::move(on_gone)});
    state_->pipe.async_wait(asio::posix::stream_descriptor::wait_error,
                            [weak = std::weak_ptr<state>(state_)](boost::system::error_code) {
                                if (auto alive = weak.lock())
                                    alive->on_gone();
                            });
}

reader_watch::~reader_watch() = default;

} // namespace berth::cli
