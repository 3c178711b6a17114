#include "core/manifest.hpp"

#include "core/app_json.hpp"
#include "core/json_watch.hpp"
#include "core/names.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <set>

namespace berth {
namespace {

using nlohmann::json;

// Berth's own part is 4 deep; the rest is what others keep in it.
constexpr int max_depth = 64;

// Bytes of a sentence about what is wrong: it goes to every client, and may quote a value of any length.
constexpr std::size_t max_detail = 400;

error not_a_manifest(std::string_view detail) { return {errc::manifest_invalid, printable(detail, max_detail)}; }

/// What is wrong, and where: thrown and caught inside this file only, since a reader of thirty fields with a result for
/// each would hide the fields.
struct invalid {
    std::string detail;
};

/// Reads the fields of one object; what it has not been asked for is left over.
class fields {
public:
    fields(json object, std::string path) : object_(std::move(object)), path_(std::move(path)) {
        if (!object_.is_object())
            throw invalid{path_ + " must be an object."};
    }

    std::string text(const char* name) {
        auto value = take(name);
        if (!value.is_string())
            fail(name, "must be a text");
        return value.get<std::string>();
    }

    std::optional<std::string> text_or_null(const char* name) {
        auto value = take(name);
        if (value.is_null())
            return {};
        if (!value.is_string())
            fail(name, "must be a text or null");
        return value.get<std::string>();
    }

    std::int64_t integer(const char* name, std::int64_t low, std::int64_t high) {
        auto value = take(name);
        // Numbers beyond 2^63 are kept as unsigned ones; as signed they would be negative.
        auto fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high)
                                               : value.is_number_integer() && value <= high;
        if (!fits || value < low)
            fail(name, fmt::format("must be a whole number from {} to {}", low, high));
        return value.get<std::int64_t>();
    }

    std::optional<std::int64_t> integer_or_null(const char* name, std::int64_t low, std::int64_t high) {
        if (!object_.contains(name) || object_[name].is_null()) {
            object_.erase(name);
            return {};
        }
        return integer(name, low, high);
    }

    double number(const char* name, double high) {
        auto value = take(name);
        if (!value.is_number() || value < 0 || value > high)
            fail(name, fmt::format("must be a number from 0 to {:.0f}", high));
        return value.get<double>();
    }

    bool has(const char* name) const { return object_.contains(name); }
    json take(const char* name) {
        auto it = object_.find(name);
        if (it == object_.end())
            return nullptr;
        auto value = std::move(*it);
        object_.erase(it);
        return value;
    }
    json rest() { return std::move(object_); }

    [[noreturn]] void fail(const char* name, std::string_view what) const {
        throw invalid{fmt::format("{}{}{} {}.", path_, path_.empty() ? "" : ".", name, what)};
    }

private:
    json object_;
    std::string path_;
};

constexpr auto any_int = std::numeric_limits<int>::max();

/// A manifest from before Berth kept the intent, or written by hand: what it must have been.
intent implied_intent(status s) { return s == status::stopped ? intent::stop : intent::run; }

manifest_entry read_entry(const std::string& id, const json& value) {
    auto path = "apps." + id;
    if (!is_id(id))
        throw invalid{path + " is not an app id: ids are 10 characters of a to z and 0 to 9."};
    fields in(value, path);
    manifest_entry entry;
    auto& a = entry.app;
    a.id = in.text("id");
    if (a.id != id)
        in.fail("id", "must be the key it stands under");
    auto name = in.text("name");
    if (auto checked = check_name(name, path + ".name"); checked.has_error())
        throw invalid{checked.error().detail};
    else
        a.name = *checked;
    if (auto category = in.text_or_null("category")) {
        auto checked = check_name(*category, path + ".category");
        if (checked.has_error())
            throw invalid{checked.error().detail};
        a.category = *checked;
    }
    if (in.has("directory") && in.text("directory") != a.directory())
        in.fail("directory", "must be \"" + a.directory() + "\"");
    a.port = static_cast<std::uint16_t>(in.integer("port", 1, 65535));
    a.created_at = in.text("createdAt");
    a.made_from = in.text_or_null("template");

    if (in.has("status")) {
        auto parsed = parse_status(in.text("status"));
        if (!parsed)
            in.fail("status", "must be online, stopped, errored, launching or unknown");
        a.status = *parsed;
    }
    a.wanted = implied_intent(a.status);
    if (in.has("intent")) {
        auto parsed = parse_intent(in.text("intent"));
        if (!parsed)
            in.fail("intent", "must be run or stop");
        a.wanted = *parsed;
    }
    if (auto what = in.take("starting"); !what.is_null()) {
        if (!what.is_boolean())
            in.fail("starting", "must be true or false");
        a.starting = what.get<bool>();
    }
    if (auto what = in.text_or_null("deleting")) {
        auto parsed = parse_removal(*what);
        if (!parsed)
            in.fail("deleting", "must be entry or all");
        a.deleting = *parsed;
    }
    if (auto v = in.integer_or_null("pmId", 0, any_int))
        a.pm_id = static_cast<int>(*v);
    if (in.has("pid"))
        a.pid = static_cast<int>(in.integer("pid", 0, any_int));
    if (in.has("memoryMB"))
        a.memory_mb = static_cast<int>(in.number("memoryMB", any_int));
    if (in.has("cpuPercent"))
        a.cpu_percent = in.number("cpuPercent", any_int);
    if (in.has("wrapperMemoryMB"))
        a.wrapper_memory_mb = static_cast<int>(in.number("wrapperMemoryMB", any_int));
    a.started_at = in.integer_or_null("startedAt", 0, std::numeric_limits<std::int64_t>::max());
    if (in.has("restarts"))
        a.restarts = static_cast<int>(in.integer("restarts", 0, any_int));
    if (auto v = in.integer_or_null("exitCode", std::numeric_limits<int>::min(), any_int))
        a.exit_code = static_cast<int>(*v);
    a.exit_signal = in.text_or_null("exitSignal");
    a.status_reason = in.text_or_null("statusReason");
    entry.other = in.rest();
    return entry;
}

std::pair<std::uint16_t, std::uint16_t> read_port_range(fields& in) {
    auto value = in.take("portRange");
    auto is_port = [](const json& v) { return v.is_number_integer() && v >= 1 && v <= 65535; };
    if (!value.is_array() || value.size() != 2 || !is_port(value[0]) || !is_port(value[1]) || value[0] > value[1])
        in.fail("portRange", "must be two ports, the lower first, such as [3100, 3199]");
    return {value[0].get<std::uint16_t>(), value[1].get<std::uint16_t>()};
}

manifest read_manifest(json document) {
    manifest m;
    fields in(std::move(document), "");
    if (in.has("version"))
        m.version = in.text("version");
    if (!m.version.starts_with("1."))
        in.fail("version", "is \"" + m.version + "\", and this Berth knows only 1.x");
    if (in.has("portRange"))
        m.port_range = read_port_range(in);
    std::set<std::string> names;
    std::set<std::uint16_t> ports;
    if (auto apps = in.take("apps"); !apps.is_null()) {
        if (!apps.is_object())
            in.fail("apps", "must be an object");
        for (auto& [id, value] : apps.items()) {
            auto entry = read_entry(id, value);
            if (!ports.insert(entry.app.port).second)
                throw invalid{fmt::format("apps.{}.port: {} belongs to another app already.", id, entry.app.port)};
            // Not name_key(): "Über" beside "über" was allowed once, and a manifest that was good stays so.
            if (!names.insert(ascii_key(entry.app.name)).second)
                throw invalid{fmt::format("apps.{}.name: another app is called \"{}\" already.", id, entry.app.name)};
            m.apps.emplace(id, std::move(entry));
        }
    }
    m.other = in.rest();
    return m;
}

std::string where(std::string_view text, std::size_t byte) {
    auto before = text.substr(0, byte > 0 ? byte - 1 : 0);
    auto line = 1 + std::count(before.begin(), before.end(), '\n');
    auto line_start = before.rfind('\n');
    auto column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
    return fmt::format("line {}, column {}", line, column);
}

} // namespace

result<manifest> parse_manifest(std::string_view text) {
    try {
        json_watch watch(max_depth);
        auto document = json::parse(text, std::ref(watch));
        if (!watch.wrong().empty())
            return not_a_manifest(watch.wrong());
        return read_manifest(std::move(document));
    } catch (const json::parse_error& e) {
        std::string what =
            e.what(); // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
        if (auto at = what.find(": "); at != std::string::npos)
            what = what.substr(at + 2);
        return not_a_manifest(fmt::format("{}: {}.", where(text, e.byte), what));
    } catch (const json::exception& e) {
        return not_a_manifest(e.what());
    } catch (const invalid& e) {
        return not_a_manifest(e.detail);
    }
}

std::string format_manifest(const manifest& m) {
    nlohmann::ordered_json apps = nlohmann::ordered_json::object();
    for (auto& [id, entry] : m.apps) {
        auto object = to_json(entry.app);
        if (entry.app.starting)
            object["starting"] = true;
        if (entry.app.deleting != removal::none)
            object["deleting"] = to_string(entry.app.deleting);
        for (auto& [key, value] : entry.other.items())
            object[key] = value;
        apps[id] = std::move(object);
    }
    nlohmann::ordered_json document = {
        {"version", m.version}, {"portRange", {m.port_range.first, m.port_range.second}}, {"apps", std::move(apps)}};
    for (auto& [key, value] : m.other.items())
        document[key] = value;
    return dump(document, 2) + "\n";
}

std::optional<std::string> newer_version(std::string_view text) {
    json_watch watch(max_depth);
    auto document = json::parse(text, std::ref(watch), false);
    if (!document.is_object() || !watch.wrong().empty())
        return {};
    auto version = document.find("version");
    if (version == document.end() || !version->is_string())
        return {};
    auto& words = version->get_ref<const std::string&>();
    unsigned major = 0;
    auto end = words.data() + words.size();
    auto [rest, failed] = std::from_chars(words.data(), end, major);
    if (failed != std::errc{} || (rest != end && *rest != '.') || major <= 1)
        return {};
    return printable(words);
}

bool only_figures_differ(const manifest& a, const manifest& b) {
    auto same_entry = [](const auto& x, const auto& y) {
        auto p = x.second.app; // with the figures of the other
        auto& q = y.second.app;
        p.memory_mb = q.memory_mb;
        p.cpu_percent = q.cpu_percent;
        p.wrapper_memory_mb = q.wrapper_memory_mb;
        p.exposed = q.exposed; // is not stored
        return x.first == y.first && p == q && x.second.other == y.second.other;
    };
    return a.version == b.version && a.port_range == b.port_range && a.other == b.other &&
           std::equal(a.apps.begin(), a.apps.end(), b.apps.begin(), b.apps.end(), same_entry);
}

bool same_static_fields(const manifest& a, const manifest& b) {
    auto same_entry = [](const auto& x, const auto& y) {
        auto &p = x.second.app, &q = y.second.app;
        return x.first == y.first && p.name == q.name && p.category == q.category && p.port == q.port &&
               p.created_at == q.created_at && p.made_from == q.made_from && x.second.other == y.second.other;
    };
    return a.version == b.version && a.port_range == b.port_range && a.other == b.other &&
           std::equal(a.apps.begin(), a.apps.end(), b.apps.begin(), b.apps.end(), same_entry);
}

} // namespace berth
