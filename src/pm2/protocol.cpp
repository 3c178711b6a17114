#include "pm2/protocol.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <stdexcept>

namespace berth::protocol {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// Thrown inside decode() only: a field that is missing or of the wrong kind makes the whole line worthless.
struct malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

element field(object o, const char* name) {
    element value;
    if (o[name].get(value))
        throw malformed(std::string("no field ") + name);
    return value;
}

bool is_null(object o, const char* name) {
    element value;
    return o[name].get(value) || value.is_null();
}

template <class Integer>
Integer integer(object o, const char* name, std::int64_t least = 0) {
    std::int64_t value = 0;
    if (field(o, name).get(value) || value < least ||
        (sizeof(Integer) < 8 && value > static_cast<std::int64_t>(std::numeric_limits<Integer>::max())))
        throw malformed(std::string(name) + " is not a number in its range");
    return static_cast<Integer>(value);
}

std::string text(object o, const char* name) {
    std::string_view value;
    if (field(o, name).get(value))
        throw malformed(std::string(name) + " is not a text");
    return std::string(value);
}

std::optional<std::string> optional_text(object o, const char* name) {
    if (is_null(o, name))
        return std::nullopt;
    return text(o, name);
}

std::optional<int> optional_integer(object o, const char* name, std::int64_t least) {
    if (is_null(o, name))
        return std::nullopt;
    return integer<int>(o, name, least);
}

constexpr std::int64_t any = std::numeric_limits<int>::min();

pm2_process process(object o) {
    pm2_process p;
    p.pm_id = integer<int>(o, "pmId");
    p.name = text(o, "name");
    p.directory = text(o, "directory");
    p.output = text(o, "output");
    p.pid = integer<int>(o, "pid");
    p.status = parse_pm2_status(text(o, "status"));
    p.port = integer<std::uint16_t>(o, "port");
    p.started_at = integer<std::int64_t>(o, "startedAt");
    p.exit_code = optional_integer(o, "exitCode", any);
    p.memory = integer<std::uint64_t>(o, "memory");
    return p;
}

pm2_event event(object o) {
    pm2_event e;
    e.event = text(o, "event");
    e.name = text(o, "name");
    e.pm_id = integer<int>(o, "pmId");
    e.started_at = integer<std::int64_t>(o, "startedAt");
    e.status = parse_pm2_status(text(o, "status"));
    e.exit_code = optional_integer(o, "exitCode", any);
    e.exit_signal = optional_text(o, "signal");
    e.at = integer<std::int64_t>(o, "at");
    return e;
}

answer make_answer(object o) {
    answer a;
    a.id = integer<std::uint64_t>(o, "id");
    object body;
    if (!o["error"].get(body)) {
        a.error = text(body, "message");
        a.code = optional_text(body, "code").value_or("");
        return a;
    }
    if (o["ok"].get(body))
        throw malformed("neither ok nor error");
    if (!is_null(body, "pmId"))
        a.run =
            pm2_run{integer<int>(body, "pmId"), integer<int>(body, "pid", 1), integer<std::int64_t>(body, "startedAt")};
    simdjson::dom::array rows;
    if (!body["processes"].get(rows)) {
        a.processes.emplace();
        for (element row : rows) {
            object fields;
            if (row.get(fields))
                throw malformed("a process that is not an object");
            a.processes->push_back(process(fields));
        }
    }
    return a;
}

message make_message(object o) {
    if (is_null(o, "type"))
        return make_answer(o);
    auto type = text(o, "type");
    if (type == "event")
        return event(o);
    if (type == "wrote")
        return wrote{text(o, "name")};
    if (type == "ready")
        return ready{optional_integer(o, "daemonPid", 1), optional_text(o, "version")};
    if (type == "failed")
        return failed{text(o, "message")};
    throw malformed("type " + type + " is not known");
}

std::string line(const nlohmann::ordered_json& value) {
    // A category or path with invalid UTF-8 must not throw; pm2 is JSON inside and could not carry it either.
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

} // namespace

std::optional<message> decoder::decode(std::string_view text_line) {
    object o;
    if (auto failure = parser_.parse(text_line.data(), text_line.size()).get(o)) {
        why_ = simdjson::error_message(failure);
        return std::nullopt;
    }
    try {
        return make_message(o);
    } catch (const malformed& e) {
        why_ = e.what();
        return std::nullopt;
    }
}

std::string encode_list(std::uint64_t id) { return line({{"id", id}, {"op", "list"}}); }

std::string encode_start(std::uint64_t id, const start_options& app) {
    nlohmann::ordered_json fields{
        {"name", app.name},    {"directory", app.directory}, {"command", app.command}, {"port", app.port},
        {"category", nullptr}, {"output", app.output},       {"error", app.error},
    };
    if (app.category)
        fields["category"] = *app.category;
    if (!app.log.empty())
        fields["log"] = app.log;
    return line({{"id", id}, {"op", "start"}, {"app", std::move(fields)}});
}

std::string encode_one(std::uint64_t id, std::string_view op, const pm2_address& app) {
    nlohmann::ordered_json fields{{"name", app.name}, {"directory", app.directory}};
    if (!app.log.empty())
        fields["log"] = app.log;
    return line({{"id", id}, {"op", op}, {"app", std::move(fields)}});
}

pm2_status parse_pm2_status(std::string_view word) noexcept {
    static constexpr std::pair<std::string_view, pm2_status> words[] = {
        {"online", pm2_status::online},
        {"launching", pm2_status::launching},
        {"stopping", pm2_status::stopping},
        {"stopped", pm2_status::stopped},
        {"errored", pm2_status::errored},
        {"waiting restart", pm2_status::waiting_restart},
        {"one-launch-status", pm2_status::one_launch_status},
    };
    for (auto& [name, value] : words)
        if (name == word)
            return value;
    return pm2_status::other;
}

} // namespace berth::protocol
