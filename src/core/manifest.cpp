#include "core/manifest.hpp"

#include "core/app_json.hpp"
#include "core/json_fields.hpp"
#include "core/json_watch.hpp"
#include "core/manifest_entry.hpp"
#include "core/names.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace berth {
namespace {

using nlohmann::json;

// Berth's own part is 4 deep; the rest is what others keep in it.
constexpr int max_depth = 64;

// Bytes of a sentence about what is wrong: it goes to every client, and may quote a value of any length.
constexpr std::size_t max_detail = 400;

error not_a_manifest(std::string_view detail) { return {errc::manifest_invalid, printable(detail, max_detail)}; }

std::pair<std::uint16_t, std::uint16_t> read_port_range(json_fields& in) {
    auto value = in.take("portRange");
    auto is_port = [](const json& v) { return v.is_number_integer() && v >= 1 && v <= 65535; };
    if (!value.is_array() || value.size() != 2 || !is_port(value[0]) || !is_port(value[1]) || value[0] > value[1])
        in.fail("portRange", "must be two ports, the lower first, such as [3100, 3199]");
    return {value[0].get<std::uint16_t>(), value[1].get<std::uint16_t>()};
}

manifest read_manifest(json document) {
    manifest m;
    json_fields in(std::move(document), "");
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
                throw invalid_field{
                    fmt::format("apps.{}.port: {} belongs to another app already.", id, entry.app.port)};
            // Not name_key(): "Über" beside "über" was allowed once, and a manifest that was good stays so.
            if (!names.insert(ascii_key(entry.app.name)).second)
                throw invalid_field{
                    fmt::format("apps.{}.name: another app is called \"{}\" already.", id, entry.app.name)};
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

/// What is looked at anew by each server, and is in no file.
void take_unstored(app& p, const app& q) {
    p.exposed = q.exposed;
    p.git = q.git;
    p.page = q.page;
}

/// True when they are equal once `take` has given each app of the one what does not count of the other's.
template <class Take>
bool same_but_for(const manifest& a, const manifest& b, Take take) {
    auto same_entry = [&](const auto& x, const auto& y) {
        if (x.first != y.first || x.second.other != y.second.other)
            return false;
        if (x.second.app == y.second.app)
            return true; // most are, at each sync, and need no copy
        auto p = x.second.app;
        take(p, y.second.app);
        return p == y.second.app;
    };
    return a.version == b.version && a.port_range == b.port_range && a.other == b.other &&
           std::equal(a.apps.begin(), a.apps.end(), b.apps.begin(), b.apps.end(), same_entry);
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
    } catch (const invalid_field& e) {
        return not_a_manifest(e.detail);
    }
}

std::string format_manifest(const manifest& m) {
    nlohmann::ordered_json apps = nlohmann::ordered_json::object();
    for (auto& [id, entry] : m.apps) {
        apps[id] = write_entry(entry);
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
    return same_but_for(a, b, [](app& p, const app& q) {
        take_unstored(p, q);
        p.memory_mb = q.memory_mb;
        p.cpu_percent = q.cpu_percent;
        p.wrapper_memory_mb = q.wrapper_memory_mb;
        p.last_opened_at = q.last_opened_at;
    });
}

bool same_in_file(const manifest& a, const manifest& b) { return same_but_for(a, b, take_unstored); }

bool same_static_fields(const manifest& a, const manifest& b) {
    auto same_entry = [](const auto& x, const auto& y) {
        bool same = x.first == y.first && x.second.other == y.second.other;
        each_static_field([&](auto field) { same = same && x.second.app.*field == y.second.app.*field; });
        return same;
    };
    return a.version == b.version && a.port_range == b.port_range && a.other == b.other &&
           std::equal(a.apps.begin(), a.apps.end(), b.apps.begin(), b.apps.end(), same_entry);
}

} // namespace berth
