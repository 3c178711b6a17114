#include "net/proxy/pages.hpp"

#include "core/app_json.hpp"
#include "core/names.hpp"
#include "net/http/text.hpp"

#include <fmt/format.h>

namespace berth::net {
namespace {

constexpr int soon = 1, later = 5; // seconds until it is asked again

std::string escaped(std::string_view text) {
    std::string out;
    for (char c : to_utf8(text))
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    return out;
}

/// `content` is HTML.
reply page(int status, std::string_view title, std::string_view content) {
    reply r;
    r.status = status;
    r.type = "text/html; charset=utf-8";
    r.body = std::make_shared<const std::string>(fmt::format(
        R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{0}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.25rem; }}
p {{ overflow-wrap: anywhere; }}
</style>
<h1>{0}</h1>
{1}
</html>
)",
        escaped(title), content));
    return r;
}

std::string link(std::string_view address, std::string_view text) {
    return fmt::format(R"(<a href="{}">{}</a>)", escaped(address), escaped(text));
}

std::string dashboard(std::uint16_t port, std::string_view path = "/") {
    return fmt::format("http://localhost:{}{}", port, path);
}

reply about_app(const asker& who, const app& a, const error& what, std::string_view title, std::string_view hint,
                std::uint16_t port) {
    if (!who.is_person)
        return problem_reply(what);
    return page(http_status(what.code), title,
                fmt::format("<p>{}</p>\n<p>{} {}</p>", escaped(what.detail), escaped(hint),
                            link(dashboard(port, "/apps/" + a.id), "Its page in Berth")));
}

} // namespace

asker who_asks(std::string_view method, const request_head& head) {
    asker who;
    bool reads = method == "GET" || method == "HEAD";
    bool says_how = head.fetch_mode.count > 0;
    bool wants_html = head.accept.value.find("text/html") != head.accept.value.npos;
    who.is_person = says_how ? head.fetch_mode.value == "navigate" : wants_html;
    who.is_page = says_how && !who.is_person;
    who.reloads = who.is_person && reads;
    return who;
}

std::string named_address(std::string_view slug, std::uint16_t port) {
    return port == 80 ? fmt::format("http://{}.localhost", slug) : fmt::format("http://{}.localhost:{}", slug, port);
}

reply unknown_name(const asker& who, std::string_view label, const apps_view& all, std::uint16_t port) {
    auto detail = fmt::format("There is no app at {}.", named_address(label, port));
    if (who.is_person) {
        auto content = fmt::format("<p>{}</p>\n<ul>\n", all.apps.empty() ? "There are no apps." : "There are:");
        for (auto& a : all.apps)
            content += fmt::format("<li>{} {}</li>\n", link(named_address(a->app.slug, port), a->app.name),
                                   to_string(a->app.status));
        content += fmt::format("</ul>\n<p>{}</p>", link(dashboard(port), "Berth"));
        return page(404, detail, content);
    }
    auto problem = to_problem({errc::app_not_found, detail});
    if (!who.is_page) {
        auto names = nlohmann::ordered_json::array();
        for (auto& a : all.apps)
            names.push_back(named_address(a->app.slug, port));
        problem["names"] = std::move(names);
    }
    auto r = json_reply(404, dump(problem));
    r.type = problem_type;
    return r;
}

reply moved(std::string_view slug, std::uint16_t port, std::string_view target) {
    reply r;
    r.status = 308;
    r.type = text_type;
    auto to = named_address(slug, port) + std::string(target);
    r.body = std::make_shared<const std::string>("The app has another name now: " + to + "\n");
    r.fields.emplace_back("Location", std::move(to));
    return r;
}

reply not_online(const asker& who, const app& a, const readiness& how, std::uint16_t port) {
    bool coming = how.is == readiness::state::coming, reloads = who.reloads && !a.asleep;
    auto hint = reloads ? "This page reloads by itself when it is." : "Open it again to try once more.";
    auto r =
        about_app(who, a, {errc::app_unavailable, how.reason}, fmt::format("{} is not online", a.name), hint, port);
    auto seconds = std::to_string(coming ? soon : later);
    r.fields.emplace_back("Retry-After", seconds);
    if (reloads)
        r.fields.emplace_back("Refresh", seconds);
    return r;
}

reply not_woken(const asker& who, const app& a, purpose why, std::uint16_t port) {
    auto sleeps = in_quotes(a.name) + " sleeps, and ";
    if (why == purpose::foreign) {
        error refused{errc::forbidden_origin, sleeps + "a page of another site does not wake it."};
        return about_app(who, a, refused, fmt::format("{} sleeps", a.name), "Open it yourself to wake it.", port);
    }
    error refused{errc::app_unavailable, sleeps + "what connects by itself does not wake it: open it."};
    auto r = about_app(who, a, refused, fmt::format("{} sleeps", a.name), "", port);
    r.fields.emplace_back("Retry-After", std::to_string(later));
    return r;
}

reply too_many_upstreams() {
    auto r = problem_reply({errc::too_many_connections, "Berth has as many connections to apps open as it allows."});
    r.fields.emplace_back("Retry-After", std::to_string(soon));
    return r;
}

reply no_answer(const asker& who, const app& a, std::string_view what, std::uint16_t port) {
    auto detail = fmt::format("{} is online, but {}", in_quotes(a.name), what);
    return about_app(who, a, {errc::app_failed, detail}, fmt::format("{} did not answer", a.name), "", port);
}

} // namespace berth::net
