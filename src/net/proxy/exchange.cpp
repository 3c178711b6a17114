// One request and its answer, in both directions. Of relay.cpp, which finds the app and a connection to it.
#include "net/proxy/exchange.hpp"

#include "net/proxy/tunnel.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace berth::net {
namespace {

using namespace asio::experimental::awaitable_operators;

} // namespace

task<> relay::send_and_answer(exchange& mine) {
    out_.clear();
    append_request_head(out_, reader_.get(), mine.sent_as);
    auto head = asio::buffer(out_);
    auto sent = co_await app_->socket().write(head);
    if (!sent) {
        mine.silent = true;
        mine.trouble = "it closed the connection before the request was sent.";
    } else if (reader_.ended()) {
        co_await answer(mine);
    } else {
        reader_.drop_fields();
        co_await (send_body(mine) && answer(mine));
    }
}

task<> relay::send_body(exchange& mine) {
    bool chunked = reader_.chunked();
    std::string chunks;
    for (;;) {
        reads_client_ = true;
        client_.expire_after(host_.options.idle_deadline);
        auto end = co_await reader_.read_piece();
        reads_client_ = false;
        if (!writes_client_)
            client_.expire_never();
        if (mine.cut_off)
            co_return;
        if (end && *end != read_end::complete) {
            mine.body_failure = *end;
            app_->socket().close(); // it must not take what came for the whole
            co_return;
        }
        auto bytes = asio::buffer(std::as_const(reader_.piece()));
        if (chunked) {
            chunks.clear();
            append_chunk(chunks, reader_.piece());
            if (end)
                append_last_chunk(chunks, reader_.get());
            bytes = asio::buffer(std::as_const(chunks));
        }
        auto sent = co_await app_->socket().write(bytes);
        reader_.piece().clear();
        if (!sent || end) // an app that takes no more may have answered all the same
            co_return;
        if (mine.over)
            app_->socket().expire_after(host_.options.idle_deadline);
    }
}

task<> relay::answer(exchange& mine) {
    auto came = co_await read_answer_head(mine);
    if (came && app_->answer().get().result() == boost::beast::http::status::switching_protocols)
        co_await tunnel(mine);
    else if (came)
        co_await pass_answer(mine);
    mine.over = true;
    if (reader_.ended())
        co_return;
    // An app may answer before it has taken all of the body, and take the rest for as long as it comes. One that has
    // closed the connection will not.
    if (mine.answered && app_->answer().keep_alive()) {
        app_->socket().expire_after(host_.options.idle_deadline);
    } else {
        mine.cut_off = true;
        app_->socket().close();
        client_.interrupt();
    }
}

task<bool> relay::read_answer_head(exchange& mine) {
    for (;;) {
        auto read = co_await app_->read_head(mine.to_head);
        auto& head = app_->answer().get();
        if (read != read_end::complete) {
            mine.silent = !mine.heard && !app_->started();
            mine.trouble = read == read_end::closed ? "it closed the connection without an answer."
                                                    : "what it answered is not HTTP, or too large.";
            co_return false;
        }
        mine.heard = true;
        auto status = head.result_int();
        bool switches = status == 101;
        if (status < 100 || (switches && !mine.sent_as.websocket)) {
            mine.trouble = "what it answered makes no sense.";
            co_return false;
        }
        if (switches || status >= 200)
            co_return true;
        if (mine.http10) // knows no such answers
            continue;
        out_.clear();
        append_answer_head(out_, head, {});
        auto bytes = asio::buffer(out_);
        auto sent = co_await to_client(bytes);
        if (!sent) // nobody is left to be told
            co_return false;
    }
}

task<> relay::pass_answer(exchange& mine) {
    auto& from = app_->answer();
    auto status = static_cast<int>(from.get().result_int());
    forwarded_answer as;
    as.http10 = mine.http10;
    if (mine.to_head || status == 304)
        as.body.by = framing::as_said;
    else if (status == 204)
        as.body.by = framing::none;
    else if (auto length = from.length(); length && !from.chunked())
        as.body = {framing::length, *length};
    else
        as.body.by = mine.http10 ? framing::to_the_end : framing::chunked;
    as.keep_alive = mine.may_go_on && reader_.keep_alive() && as.body.by != framing::to_the_end;
    out_.clear();
    append_answer_head(out_, from.get(), as);
    from.drop_fields();
    if (auto end = app_->take_piece(); end && *end != read_end::complete) {
        mine.trouble = "what it answered is not HTTP.";
        co_return;
    }
    mine.answered = true;
    mine.result.status = std::min(status, 599);
    for (;;) {
        bool ended = from.ended();
        auto piece = asio::buffer(std::as_const(from.piece()));
        if (as.body.by == framing::chunked) {
            append_chunk(out_, from.piece());
            if (ended)
                append_last_chunk(out_, from.get());
            piece = {};
        }
        auto head = asio::buffer(std::as_const(out_));
        auto sent = co_await to_client(head, piece);
        out_.clear();
        from.piece().clear();
        if (!sent || ended) {
            mine.result.keep_alive = sent && as.keep_alive;
            co_return;
        }
        auto end = co_await app_->read_piece();
        if (end && *end != read_end::complete) // cut short, and so is what the client gets
            co_return;
    }
}

task<bool> relay::to_client(asio::const_buffer first, asio::const_buffer second) {
    writes_client_ = true;
    client_.expire_after(host_.options.idle_deadline);
    auto sent = co_await client_.write(first, second);
    writes_client_ = false;
    if (!reads_client_)
        client_.expire_never();
    co_return sent;
}

task<> relay::tunnel(exchange& mine) {
    out_.clear();
    forwarded_answer as;
    as.websocket = true;
    append_answer_head(out_, app_->answer().get(), as);
    mine.answered = true;
    mine.result.status = 101;
    auto head = asio::buffer(out_);
    auto sent = co_await to_client(head);
    if (!sent)
        co_return;
    tunnels_ = true;
    auto from_app = app_->answer().take_rest(), from_client = reader_.take_rest();
    co_await net::tunnel(client_, app_->socket(), std::move(from_client), std::move(from_app),
                         host_.options.idle_deadline);
    tunnels_ = false;
}

} // namespace berth::net
