// What clients send over the WebSocket: taken as it was meant, or refused in words; never both, never a guess.
#include "json_oracle.hpp"

#include "net/live/messages.hpp"

using namespace berth;
using namespace berth::net;
using namespace berth::fuzz;

namespace {

void check_key(const follow_key& which, const nlohmann::json& given) {
    require(given.at("id") == which.id, "the app is the client's own");
    require(given.contains("follow") == which.number.has_value(), "a number is there where it was given");
    if (which.number)
        require(given["follow"] == *which.number && *which.number < std::uint64_t(1) << 53,
                "the number is the client's own");
    for (auto& text : {log_message(which, log_stream::out, 1, 2, "a"), log_reset_message(which, log_stream::error)}) {
        auto piece = nlohmann::json::parse(text);
        require(piece.at("id") == given["id"] && piece.value("follow", nlohmann::json()) ==
                                                      given.value("follow", nlohmann::json()),
                "the number comes back");
    }
}

void check_follow(const follow_request& r, const nlohmann::json& given) {
    require(given.at("type") == "follow", "the wish is the client's own");
    check_key(r.which, given);
    require(r.tail_bytes <= follow_request::max_tail, "a tail has a bound");
    require(given.contains("tailBytes") ? given["tailBytes"] == r.tail_bytes
                                        : r.tail_bytes == follow_request::default_tail,
            "the tail is the client's own");
    auto from = given.value("from", nlohmann::json::object());
    require(from.contains("stdout") == r.from_stdout.has_value() &&
                from.contains("stderr") == r.from_stderr.has_value(),
            "offsets are there where they were given");
    for (auto& [name, offset] : {std::pair("stdout", r.from_stdout), std::pair("stderr", r.from_stderr)})
        if (offset)
            require(from[name] == *offset && *offset < std::uint64_t(1) << 53, "an offset is the client's own");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    bool strict = check_strict(text, {"type", "id", "follow", "tailBytes", "from"});
    auto message = parse_client_message(text);
    if (!message) {
        require_words(message.error());
        auto told = nlohmann::json::parse(error_message(message.error()));
        require(told.at("type") == "error" && told.at("detail") == message.error().detail,
                "the refusal reaches the client");
        return 0;
    }
    require(strict, "only strict JSON is a message");
    auto given = nlohmann::json::parse(text);
    if (auto* follow = std::get_if<follow_request>(&*message)) {
        check_follow(*follow, given);
    } else {
        require(given.at("type") == "unfollow" && given.size() == 2u + given.count("follow"),
                "an unfollow is no more than that");
        check_key(std::get<unfollow_request>(*message).which, given);
    }
    return 0;
}
