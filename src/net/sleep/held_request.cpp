#include "net/sleep/held_request.hpp"

namespace berth::net {

const std::optional<held_verdict>& held_request::take(std::string_view piece) {
    bytes_ += piece;
    if (verdict_ || piece.empty())
        return verdict_;
    if (!parser_) {
        parser_ = std::make_unique<request_parser>(limit_, 0);
        parser_->begin();
        parser_->lift_limit(); // of the body, which is the app's to judge
    }
    auto space = parser_->prepare(piece.size());
    parser_->commit(asio::buffer_copy(space, asio::buffer(piece)));
    if (auto end = parser_->feed(true)) {
        judge(*end);
        parser_.reset();
    }
    return verdict_;
}

void held_request::judge(read_end end) {
    verdict_.emplace();
    verdict_->read = end;
    if (end != read_end::complete)
        return;
    auto& request = parser_->get();
    auto head = read_head(request);
    verdict_->purpose = purpose_of(request, head);
    verdict_->who = who_asks(request.method_string(), head);
    verdict_->to_head = request.method() == boost::beast::http::verb::head;
    verdict_->http10 = request.version() < 11;
}

} // namespace berth::net
