// ls and show.
#include "cli/commands.hpp"
#include "cli/list_fields.hpp"
#include "cli/list_view.hpp"
#include "cli/log_follow.hpp"
#include "cli/text.hpp"
#include "core/clock.hpp"

#include <fmt/format.h>

namespace berth::cli {
namespace {

constexpr std::chrono::seconds patience{60}; // for a server that has gone while watching

std::string rows(session& s, const std::vector<listed_app>& apps) {
    auto width = s.out.facts().out ? s.out.columns() : 0;
    return layout(list_table(apps, wall_ms()), width, s.out.facts().colours_out());
}

/// A live table on a terminal; elsewhere a line each time an app looks different.
class watcher {
public:
    watcher(session& s, list_filter filter) : s_(s), list_(std::move(filter)) {}

    task<outcome<int>> run() {
        bool reader_gone = false;
        std::unique_ptr<event_stream> stream;
        reader_watch watch(s_, [&] {
            reader_gone = true;
            if (stream)
                stream->close();
        });
        backoff wait;
        auto last_seen = std::chrono::steady_clock::now();
        while (!reader_gone) {
            stream = s_.events();
            auto opened = co_await stream->open();
            if (opened.has_error()) {
                if (!list_.known() || std::chrono::steady_clock::now() - last_seen > patience)
                    co_return opened.error();
            } else {
                co_await read(*stream, wait);
                last_seen = std::chrono::steady_clock::now();
                if (!reader_gone)
                    s_.out.progress(
                        fmt::format("the server at {} has gone; waiting for it (Ctrl-C ends)", s_.server.url()));
            }
            if (!reader_gone)
                co_await pause(s_, wait.next());
        }
        co_return exit_code::done;
    }

private:
    task<> read(event_stream& stream, backoff& wait) {
        for (;;) {
            auto message = co_await stream.next();
            if (message.has_error())
                co_return;
            wait.reset();
            bool first = !list_.known();
            auto change = list_.on_message(*message);
            if (s_.json ? change.any : s_.out.facts().out || !change.ids.empty() || first)
                show(change, first);
        }
    }

    void show(const live_list::change& change, bool first) {
        auto apps = list_.apps();
        if (s_.json) {
            s_.out.print_json(to_json_array(apps));
        } else if (s_.out.facts().out) {
            if (change.any)
                s_.out.redraw(fitted(rows(s_, apps)));
        } else if (first) {
            s_.out.print(rows(s_, apps));
        } else {
            for (auto& id : change.ids) {
                auto* app = list_.find(id);
                s_.out.print(app ? fmt::format("{}  {}  {}  {}{}\n", app->id, visible(app->name),
                                               visible(state_word(*app)), app->url(),
                                               app->reason ? "  " + visible(*app->reason) : "")
                                 : fmt::format("{}  deleted\n", id));
            }
        }
    }

    /// What the terminal has lines for, less the one that the cursor is on.
    std::string fitted(const std::string& all) const {
        auto lines = static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
        auto room = std::max<std::size_t>(s_.out.lines(), 4) - 1;
        if (lines <= room)
            return all;
        std::size_t end = 0;
        for (std::size_t i = 0; i + 1 < room; ++i)
            end = all.find('\n', end) + 1;
        return all.substr(0, end) + fmt::format("and {} more\n", lines - (room - 1));
    }

    session& s_;
    live_list list_;
};

} // namespace

task<outcome<int>> run_list(session& s, list_command wish) {
    list_filter filter{wish.category, wish.statuses};
    if (wish.watch) {
        watcher live(s, filter);
        co_return co_await live.run();
    }
    std::string target = "/api/apps";
    if (wish.category)
        target += "?category=" + percent_encoded(*wish.category);
    auto body = co_await get(s, std::move(target));
    if (body.has_error())
        co_return body.error();
    auto apps = parse_apps(*body);
    if (apps.has_error())
        co_return apps.error();
    bool none_at_all = apps->empty() && !wish.category;
    std::erase_if(*apps, [&](auto& app) { return !filter.keeps(app); });
    if (!wish.sort.empty()) {
        auto sorted = sort_by(*apps, wish.sort);
        if (sorted.has_error())
            co_return sorted.error();
    }
    if (s.json)
        s.out.print_json(to_json_array(*apps));
    else if (!wish.fields.empty())
        s.out.print(field_lines(*apps, wish.fields));
    else if (!apps->empty())
        s.out.print(rows(s, *apps));
    else
        s.out.note(none_at_all ? "there are no apps yet; make one with: berth create"
                               : "no app is like that; see: berth ls");
    co_return exit_code::done;
}

task<outcome<int>> run_show(session& s, show_command wish) {
    auto meant = co_await apps_meant(s, wish.apps);
    if (meant.has_error())
        co_return meant.error();
    if (s.json) {
        s.out.print_json(to_json_array(*meant));
        co_return exit_code::done;
    }
    for (auto& app : *meant)
        s.out.print(app_text(app, s.server.port, wall_ms(), s.out.facts().colours_out()));
    co_return exit_code::done;
}

} // namespace berth::cli
