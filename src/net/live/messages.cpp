#include "net/live/messages.hpp"

#include "core/app_json.hpp"
#include "net/http/strict_json.hpp"
#include "net/http/text.hpp"

namespace berth::net {
namespace {

using json = nlohmann::ordered_json;

// JSON's own bound on whole numbers that every client reads exactly (RFC 8259, section 6).
constexpr std::uint64_t max_number = (std::uint64_t(1) << 53) - 1;

std::string_view name_of(log_stream s) { return s == log_stream::out ? "stdout" : "stderr"; }

result<follow_key> parse_key(const nlohmann::json& message) {
    auto id = required_text(message, "id");
    auto number = optional_count(message, "follow", max_number);
    if (!id || !number)
        return id ? number.error() : id.error();
    return follow_key{std::move(*id), *number};
}

result<client_message> parse_follow(const nlohmann::json& message) {
    follow_request r;
    auto which = parse_key(message);
    auto tail = optional_count(message, "tailBytes", follow_request::max_tail);
    if (!which || !tail)
        return which ? tail.error() : which.error();
    r.which = std::move(*which);
    r.tail_bytes = tail->value_or(follow_request::default_tail);
    auto from = message.find("from");
    if (from == message.end())
        return client_message(std::move(r));
    if (!from->is_object())
        return error{errc::invalid_request, "from: must be an object with stdout and stderr."};
    if (auto checked = check_fields(*from, "from", {"stdout", "stderr"}); !checked)
        return checked.error();
    auto out = optional_count(*from, "stdout", max_number);
    auto err = optional_count(*from, "stderr", max_number);
    if (!out || !err)
        return out ? err.error() : out.error();
    r.from_stdout = *out;
    r.from_stderr = *err;
    return client_message(std::move(r));
}

} // namespace

json problems_json(const std::vector<problem>& problems) {
    auto list = json::array();
    for (auto& p : problems)
        list.push_back({{"code", p.code}, {"detail", p.detail}});
    return list;
}

// The texts of apps are put together, not parsed and written again: they are most of every message.
std::string snapshot_message(const apps_view& apps, const std::vector<operation>& operations,
                             const std::vector<problem>& problems) {
    auto under_way = json::array();
    for (auto& o : operations)
        under_way.push_back(to_json(o));
    return R"({"type":"snapshot","revision":)" + std::to_string(apps.revision) + R"(,"apps":)" + apps.json +
           R"(,"operations":)" + dump(under_way) + R"(,"problems":)" + dump(problems_json(problems)) + '}';
}

std::string app_message(const app_view& a) {
    return R"({"type":"app","revision":)" + std::to_string(a.revision) + R"(,"app":)" + a.json + '}';
}

std::string removed_message(std::uint64_t revision, const std::string& id) {
    return dump({{"type", "removed"}, {"revision", revision}, {"id", id}});
}

std::string event_message(const std::string& id, const std::string& name, std::int64_t at_ms) {
    return dump({{"type", "event"}, {"id", id}, {"name", name}, {"at", at_ms}});
}

std::string operation_message(const operation& o) { return dump({{"type", "operation"}, {"operation", to_json(o)}}); }

std::string activity_message(const activity_entry& e) { return dump({{"type", "activity"}, {"entry", to_json(e)}}); }

std::string log_message(const follow_key& which, log_stream stream, std::uint64_t from, std::uint64_t to,
                        std::string_view text) {
    // Put together by hand: a quarter of what the general way costs, and an app may write tens of megabytes a second.
    std::string message = R"({"type":"log","id":)";
    message.reserve(text.size() + text.size() / 16 + 160);
    append_json_string(message, which.id);
    if (which.number)
        message += R"(,"follow":)" + std::to_string(*which.number);
    message += R"(,"stream":")";
    message += name_of(stream);
    message += R"(","from":)" + std::to_string(from) + R"(,"to":)" + std::to_string(to) + R"(,"text":)";
    append_json_string(message, text);
    message += '}';
    return message;
}

std::string log_reset_message(const follow_key& which, log_stream stream) {
    json message{{"type", "log-reset"}, {"id", which.id}};
    if (which.number)
        message["follow"] = *which.number;
    message["stream"] = name_of(stream);
    return dump(message);
}

std::string error_message(const error& e) {
    return dump({{"type", "error"}, {"code", to_string(e.code)}, {"detail", e.detail}});
}

result<client_message> parse_client_message(std::string_view text) {
    auto message = parse_object(text, {"type", "id", "follow", "tailBytes", "from"});
    if (!message)
        return message.error();
    auto type = required_text(*message, "type");
    if (!type)
        return type.error();
    if (*type == "follow")
        return parse_follow(*message);
    if (*type != "unfollow")
        return error{errc::invalid_request, "type: must be follow or unfollow, not " + in_quotes(*type) + "."};
    if (auto checked = check_fields(*message, "", {"type", "id", "follow"}); !checked)
        return checked.error();
    auto which = parse_key(*message);
    if (!which)
        return which.error();
    return client_message(unfollow_request{std::move(*which)});
}

} // namespace berth::net
