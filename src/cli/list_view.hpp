// The apps as people see them, and the live list behind `ls --watch`. Pure: the time is handed in, ms since 1970.
#pragma once

#include "cli/listed_app.hpp"
#include "cli/table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

table list_table(const std::vector<listed_app>&, std::int64_t now);

/// All about one app, some lines.
std::string app_text(const listed_app&, std::uint16_t server_port, std::int64_t now, bool colours);

/// "launching", "asleep", or the operation under way.
std::string state_word(const listed_app&);
/// SGR parameters.
std::string_view state_style(const listed_app&);

struct list_filter {
    std::optional<std::string> category; // empty: those without one
    std::vector<std::string> statuses;   // as listed_app::state() has them; none: all

    bool keeps(const listed_app&) const;
};

/// What the WebSocket's messages make of the list.
class live_list {
public:
    explicit live_list(list_filter filter) : filter_(std::move(filter)) {}

    /// The ids of the apps that look different now: another status, operation or reason, or new, or gone. `known` is
    /// true once a snapshot has come; figures such as memory change without being named.
    struct change {
        bool any = false; // something changed, if only a figure
        std::vector<std::string> ids;
    };
    change on_message(std::string_view message);

    /// Newest first.
    std::vector<listed_app> apps() const;
    const listed_app* find(std::string_view id) const;
    bool known() const { return known_; }

private:
    list_filter filter_;
    std::vector<listed_app> apps_; // all, newest first
    bool known_ = false;
};

} // namespace berth::cli
