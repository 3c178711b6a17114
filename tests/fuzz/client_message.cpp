// What clients send over the WebSocket: taken as it was meant, or refused in words; never both, never a guess.
#include "json_oracle.hpp"

#include "net/live/messages.hpp"

using namespace berth;
using namespace berth::net;
using namespace berth::fuzz;

namespace {

void check_follow(const follow_request& r, const nlohmann::json& given) {
    require(given.at("type") == "follow" && given.at("id") == r.id, "the wish is the client's own");
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
    bool strict = check_strict(text, {"type", "id", "tailBytes", "from"});
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
    if (auto* follow = std::get_if<follow_request>(&*message))
        check_follow(*follow, given);
    else
        require(given.size() == 2 && given.at("type") == "unfollow" &&
                    given.at("id") == std::get<unfollow_request>(*message).id,
                "an unfollow is no more than that");
    return 0;
}
