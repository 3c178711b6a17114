#include "net/mcp/session_call.hpp"

#include "net/mcp/session.hpp"

namespace berth::net::mcp {

session_call::session_call(session& s, rpc_message m) : session_(s), message_(std::move(m)) {
    auto meta = message_.params.find("_meta");
    if (meta != message_.params.end() && meta->is_object() && meta->contains("progressToken"))
        token_ = (*meta)["progressToken"];
}

void session_call::tell(std::string message) {
    if (message == told_ || done_ || cancelled_)
        return;
    told_ = std::move(message);
    send_progress();
}

void session_call::beat(clock::time_point now, std::chrono::milliseconds every) {
    if (!done_ && !cancelled_ && now - told_at_ >= every)
        send_progress();
}

void session_call::send_progress() {
    told_at_ = clock::now();
    if (!token_.is_string() && !token_.is_number_integer())
        return;
    nlohmann::ordered_json params = {{"progressToken", token_}, {"progress", ++progress_}};
    if (!told_.empty())
        params["message"] = told_;
    session_.add(open_stream(), notification_text("notifications/progress", params), false);
}

void session_call::finish(std::string answer) {
    done_ = true;
    if (!cancelled_ && stream_ != 0)
        session_.add(stream_, std::move(answer), true);
    else
        answer_ = std::move(answer);
    session_.close_stream(stream_);
    session_.forget(message_.id);
}

void session_call::cancel() {
    cancelled_ = true;
    session_.close_stream(stream_);
}

std::uint64_t session_call::open_stream() {
    if (stream_ == 0)
        stream_ = session_.open_stream();
    return stream_;
}

} // namespace berth::net::mcp
