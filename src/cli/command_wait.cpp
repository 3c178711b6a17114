// wait: until apps are online.
#include "cli/commands.hpp"
#include "cli/text.hpp"
#include "cli/wait_online.hpp"

#include <fmt/format.h>

namespace berth::cli {

task<outcome<int>> run_wait(session& s, wait_command wish) {
    auto meant = co_await apps_meant(s, wish.apps);
    if (meant.has_error())
        co_return meant.error();
    auto end = std::chrono::steady_clock::now() + wish.timeout;
    for (auto& app : *meant) {
        auto left = std::chrono::ceil<std::chrono::seconds>(end - std::chrono::steady_clock::now());
        auto online = co_await wait_until_online(s, app, std::max(left, std::chrono::seconds(0)));
        if (online.has_error())
            co_return online.error();
        app = *online;
        if (!s.json)
            s.out.print(fmt::format("{}  {}  {}\n", visible(app.name), visible(app.status), app.url()));
    }
    if (s.json)
        s.out.print_json(to_json_array(*meant));
    co_return exit_code::done;
}

} // namespace berth::cli
