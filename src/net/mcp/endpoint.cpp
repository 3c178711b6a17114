#include "net/mcp/endpoint.hpp"

#include "net/http/text.hpp"
#include "net/mcp/methods.hpp"
#include "net/mcp/protocol.hpp"
#include "net/mcp/sessions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

namespace berth::net::mcp {
namespace {

constexpr std::string_view events_type = "text/event-stream";

/// A refusal: the fault as JSON-RPC has it, under a status that says the same to HTTP.
reply refusal(int status, const rpc_error& e, const nlohmann::json& id = nullptr) {
    return json_reply(status, error_text(id, e));
}
reply refusal(int status, std::string why) { return refusal(status, {fault::invalid_message, std::move(why)}); }

reply nothing(int status) {
    reply r;
    r.status = status;
    return r;
}

reply events(std::shared_ptr<event_source> source) {
    reply r;
    r.type = events_type;
    r.events = std::move(source);
    return r;
}

class mcp_endpoint final : public endpoint, public std::enable_shared_from_this<mcp_endpoint> {
public:
    mcp_endpoint(asio::any_io_executor executor, asio::any_io_executor workers, orchestrator& orch, watchers& told,
                 log_files& logs, std::string version, mcp_options options)
        : executor_(executor), told_(told), version_(std::move(version)), options_(options), news_(executor),
          logs_(logs, executor, std::move(workers), options.patience), methods_({orch, logs_, news_, executor}),
          sessions_(std::make_shared<sessions>(
              executor, orch, news_, [this](std::size_t n) { told_.set_audience(news_, n); }, options)) {
        told_.add(news_);
    }
    ~mcp_endpoint() override { close(); }

    task<reply> answer(const call& asked, const request_head& head) override {
        if (auto checked = check_query(asked.target, {}); !checked)
            co_return refusal(400, checked.error().detail);
        if (auto wrong = refuse_revision(head.mcp_version))
            co_return refusal(400, std::move(*wrong));
        if (asked.route.to == net::endpoint::mcp_message)
            co_return co_await take_message(asked, head);
        auto [refused, of] = find_session(head);
        if (refused)
            co_return std::move(*refused);
        if (asked.route.to == net::endpoint::mcp_stream)
            co_return open_stream(*of, head);
        sessions_->end(of->id());
        co_return nothing(204);
    }

    void close() override {
        if (news_.closed())
            return;
        sessions_->close();
        told_.remove(news_);
        news_.close();
    }

private:
    struct found {
        std::optional<reply> refused;
        std::shared_ptr<session> of;
    };

    /// Which session a request is of. A missing id is another fault than one that is not known (any more): with that, a
    /// client has to begin anew.
    found find_session(const request_head& head) const {
        if (head.mcp_session.count != 1)
            return {refusal(400, "Mcp-Session-Id: is missing; initialize gives one out."), nullptr};
        auto of = sessions_->find(head.mcp_session.value);
        if (!of)
            return {refusal(404, "This session has ended; initialize begins another."), nullptr};
        of->use();
        return {std::nullopt, std::move(of)};
    }

    task<reply> take_message(const call& asked, const request_head& head) {
        if (!accepts(head.accept, json_type) || !accepts(head.accept, events_type))
            co_return refusal(406, "Accept: must name application/json and text/event-stream.");
        auto message = read_message(asked.body);
        if (!message)
            co_return refusal(400, message.error().error, message.error().id);
        if (message->kind == rpc_message::sort::request && message->method == "initialize")
            co_return initialize(*message);
        auto [refused, of] = find_session(head);
        if (refused)
            co_return std::move(*refused);
        if (message->kind == rpc_message::sort::request)
            co_return co_await serve(std::move(of), std::move(*message));
        if (message->method == "notifications/cancelled")
            cancel(*of, message->params);
        co_return nothing(202);
    }

    reply initialize(const rpc_message& m) {
        auto asked = m.params.find("protocolVersion");
        if (asked == m.params.end() || !asked->is_string())
            return refusal(400, {fault::invalid_params, "protocolVersion: must be a text."}, m.id);
        if (news_.closed())
            return refusal(503, {fault::internal, "Berth is ending."}, m.id);
        auto revision = agreed_revision(asked->get_ref<const std::string&>());
        auto of = sessions_->open(std::string(revision));
        auto r = json_reply(200, result_text(m.id, introduction(revision, version_)));
        r.fields.emplace_back("Mcp-Session-Id", of->id());
        return r;
    }

    /// One message when it is there at once; else a stream, at whose end it comes.
    task<reply> serve(std::shared_ptr<session> of, rpc_message m) {
        auto id = m.id;
        auto begun = of->begin(std::move(m));
        if (!begun)
            co_return refusal(200, begun.error(), id);
        auto mine = *begun;
        if (mine->cancelled()) {
            of->forget(id);
            co_return nothing(202);
        }
        asio::co_spawn(executor_, work(shared_from_this(), of, mine), rethrow);
        co_await of->answered(*mine, options_.at_once);
        if (mine->cancelled())
            co_return nothing(202);
        if (mine->done() && mine->stream() == 0) {
            auto r = json_reply(200, mine->take_answer());
            r.room = mine->take_room();
            co_return r;
        }
        event_place at{mine->open_stream(), 0};
        co_return events(of->read(at, may_prime(of->revision()), options_.keep_alive));
    }

    static task<> work(std::shared_ptr<mcp_endpoint> self, std::shared_ptr<session> of,
                       std::shared_ptr<session_call> c) {
        auto id = c->message().id;
        std::string answer;
        try {
            auto result = co_await self->methods_.run(*of, *c);
            answer = result ? result_text(id, *result) : error_text(id, result.error());
        } catch (const std::exception& e) {
            spdlog::error("{} failed: {}", printable(c->message().method), e.what());
            answer = error_text(id, {fault::internal, "Something went wrong in Berth; its log says more."});
        }
        c->finish(std::move(answer));
    }

    void cancel(session& of, const nlohmann::json& params) {
        auto id = params.find("requestId");
        if (id != params.end() && (id->is_string() || id->is_number_integer()) && of.cancel(*id))
            news_.wake();
    }

    reply open_stream(session& of, const request_head& head) {
        if (!accepts(head.accept, events_type))
            return refusal(406, "Accept: must name text/event-stream.");
        if (head.last_event_id.count == 0)
            return events(of.read(of.now(), may_prime(of.revision()), options_.keep_alive));
        auto at = parse_place(head.last_event_id.value);
        if (!at)
            return refusal(400, "Last-Event-ID: " + in_quotes(head.last_event_id.value) + " was not given out.");
        if (!of.knows(*at))
            return nothing(204); // tells an event source to come back no more
        return events(of.read(*at, false, options_.keep_alive));
    }

    asio::any_io_executor executor_;
    watchers& told_;
    std::string version_;
    mcp_options options_;
    news news_;
    plain_logs logs_;
    methods methods_;
    std::shared_ptr<sessions> sessions_;
};

} // namespace

std::shared_ptr<endpoint> create_endpoint(asio::any_io_executor executor, asio::any_io_executor workers,
                                          orchestrator& orch, watchers& told, log_files& logs, std::string version,
                                          mcp_options options) {
    return std::make_shared<mcp_endpoint>(std::move(executor), std::move(workers), orch, told, logs, std::move(version),
                                          options);
}

} // namespace berth::net::mcp
