// check: asks an app's dev server whether its pages work.
#include "cli/commands.hpp"
#include "cli/text.hpp"
#include "cli/wait_online.hpp"

#include <fmt/format.h>

namespace berth::cli {

task<outcome<int>> run_check(session& s, check_command wish) {
    auto app = co_await one_app(s, wish.app);
    if (app.has_error())
        co_return app.error();
    http_request request;
    request.method = "POST";
    request.target = "/api/apps/" + app->id + "/check";
    request.deadline = std::chrono::seconds(60); // it may have much to compile, and others may be asked before
    auto answer = co_await ask(s, std::move(request));
    if (answer.has_error() && answer.error().api_code == "not_running" && app->sleeps() && !s.json)
        co_return still_asleep(*app);
    if (answer.has_error())
        co_return answer.error();
    auto checked = parse_app(*answer);
    if (checked.has_error())
        co_return checked.error();
    bool unknown = checked->page == "unchecked";
    if (s.json)
        s.out.print_json(*answer);
    else if (checked->is_broken())
        s.out.print(fmt::format("{}  broken: {}\n", visible(checked->name), visible(checked->page_text())));
    else if (unknown)
        co_return failed(
            fmt::format("whether {} works is not known: {}", in_quotes(checked->name), visible(checked->page_reason)));
    else if (checked->page.empty())
        s.out.print(fmt::format("{}  its dev server does not tell (Next 16 and later do)\n", visible(checked->name)));
    else
        s.out.print(fmt::format("{}  working\n", visible(checked->name)));
    co_return checked->is_broken() || unknown ? exit_code::failed : exit_code::done;
}

} // namespace berth::cli
