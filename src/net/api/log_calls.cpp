#include "net/api/log_calls.hpp"

#include "core/worker.hpp"
#include "net/api/log_query.hpp"
#include "net/http/range.hpp"

namespace berth::net {
namespace {

// Of excerpts not yet sent, bytes; and what one in the making needs at most: two streams of 1 MiB, as UTF-8 (three
// times as much, where nothing in them is valid) and as JSON (six times, where all are control characters).
constexpr std::size_t all_excerpts = std::size_t{24} << 20;
constexpr std::size_t one_excerpt = std::size_t{16} << 20;
static_assert(2 * one_excerpt > all_excerpts, "made one at a time");

} // namespace

log_calls::log_calls(log_files& logs, asio::any_io_executor home, asio::any_io_executor workers,
                     std::chrono::milliseconds patience)
    : logs_(logs), home_(home), workers_(std::move(workers)), patience_(patience), room_(home, all_excerpts) {}

task<reply> log_calls::excerpt(const call& c, std::shared_ptr<const app_view> view) {
    auto asked = parse_logs_query(c.target);
    if (!asked)
        co_return problem_reply(asked.error());
    auto room = co_await room_.take(one_excerpt, patience_);
    if (!room) {
        auto r = problem_reply({errc::too_many_connections, "Too many clients have asked for logs and do not read the "
                                                            "answers; there is no room for one more. Try again."});
        r.fields.emplace_back("Retry-After", "1"); // seconds
        co_return r;
    }
    auto out = co_await logs_.excerpt(view->app.id, log_stream::out, std::move(asked->out));
    if (!out)
        co_return problem_reply(out.error());
    auto err = co_await logs_.excerpt(view->app.id, log_stream::error, std::move(asked->err));
    if (!err)
        co_return problem_reply(err.error());
    auto job = [out = std::move(*out), err = std::move(*err)] { return logs_json(out, err); };
    auto text = co_await run_on(workers_, home_, std::move(job));
    room->shrink(text.capacity());
    auto r = json_reply(200, std::move(text));
    r.room = std::move(room);
    co_return r;
}

task<reply> log_calls::download(const call& c, std::shared_ptr<const app_view> view) {
    auto stream = c.route.stream == "stderr" ? log_stream::error : log_stream::out;
    auto now = co_await logs_.look(view->app.id, stream);
    if (!now)
        co_return problem_reply(now.error());
    auto part = choose_range(c.range, now->size);
    if (!part) {
        auto r = problem_reply(part.error());
        r.fields.emplace_back("Content-Range", "bytes */" + std::to_string(now->size));
        co_return r;
    }
    reply r;
    r.type = text_type;
    r.fields.emplace_back("Accept-Ranges", "bytes");
    r.fields.emplace_back("Content-Disposition", "attachment; filename=\"" + view->app.process_name() +
                                                     (stream == log_stream::error ? "-error.log\"" : "-out.log\""));
    if (part->partial) {
        r.status = 206;
        r.fields.emplace_back("Content-Range", "bytes " + std::to_string(part->from) + "-" +
                                                   std::to_string(part->from + part->size - 1) + "/" +
                                                   std::to_string(now->size));
    }
    r.download = net::download{view->app.id, stream, now->file, part->from, part->size};
    co_return r;
}

} // namespace berth::net
