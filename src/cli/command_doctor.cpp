// doctor: what is not as it should be, and how to mend it.
#include "cli/commands.hpp"
#include "cli/diagnosis.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

std::string root_of(const outcome<std::string>& health, const environment& env) {
    auto told = health.has_value() ? json::parse(*health, nullptr, false) : json();
    if (told.is_object() && told.contains("root") && told["root"].is_string())
        return told["root"].get<std::string>();
    return !env.root.empty() ? env.root : env.home + "/berth";
}

std::string line_of(const finding& one, bool colours) {
    std::string word = one.ok ? "ok  " : "bad ";
    if (colours)
        word = fmt::format("\x1b[{}m{}\x1b[0m", one.ok ? "32" : "31", word);
    auto line = fmt::format("{} {} {}\n", word, padded(one.what, 9, side::left), visible(one.detail));
    return one.mend.empty() ? line : line + fmt::format("{:15}{}\n", "", visible(one.mend));
}

} // namespace

task<outcome<int>> run_doctor(session& s) {
    auto health = co_await get(s, "/api/health");
    if (health.has_error() && health.error().foreign)
        health = not_berth(s.server);
    auto env = look_at_environment();
    auto seen = look_around(env.home, root_of(health, env));
    std::vector<finding> all = {judge_node(seen.node), judge_npm(seen.npm), judge_pm2_home(seen), judge_disk(seen),
                                judge_open_files(seen.open_files)};
    for (auto& one : judge_server(health, s.server.url()))
        all.push_back(one);
    if (auto limits = limits_of(health)) {
        auto apps = co_await all_apps(s);
        if (apps.has_error())
            co_return apps.error();
        for (auto& one : judge_ports(*limits, *apps, held_ports(limits->first, limits->last)))
            all.push_back(one);
    }
    bool well = std::all_of(all.begin(), all.end(), [](auto& one) { return one.ok; });
    json told = json::array();
    for (auto& one : all) {
        if (!s.json)
            s.out.print(line_of(one, s.out.facts().colours_out()));
        told.push_back({{"what", one.what}, {"ok", one.ok}, {"detail", one.detail}, {"mend", one.mend}});
    }
    if (s.json)
        s.out.print_json(told.dump(-1, ' ', false, json::error_handler_t::replace));
    co_return well ? exit_code::done : exit_code::failed;
}

} // namespace berth::cli
