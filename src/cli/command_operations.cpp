// operations and cancel: the creates under way, and the templates that are being made.
#include "cli/commands.hpp"
#include "cli/sanitizer.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "core/names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

table operations_table(const json& operations) {
    table t;
    t.columns = {{"NAME", false, 8, 0},
                 {"PHASE", false, 0, 0},
                 {"PORT", true, 0, 0},
                 {"ID", false, 0, 2},
                 {"LINE", false, 12, 1}};
    for (auto& each : operations)
        t.rows.push_back({{word(each, "name"), "1"},
                          {word(each, "phase"), "33"},
                          {each.at("port").is_null() ? "-" : each.at("port").dump(), ""},
                          {word(each, "id"), "2"},
                          {plain_line(word(each, "line")), ""}});
    return t;
}

task<outcome<json>> operations_now(session& s) {
    auto body = co_await get(s, "/api/operations");
    if (body.has_error())
        co_return body.error();
    auto operations = json::parse(*body, nullptr, false);
    if (!operations.is_array())
        co_return foreign_answer("the operations are no list");
    co_return operations;
}

} // namespace

task<outcome<int>> run_operations(session& s) {
    auto operations = co_await operations_now(s);
    if (operations.has_error())
        co_return operations.error();
    if (s.json)
        s.out.print_json(operations->dump(-1, ' ', false, json::error_handler_t::replace));
    else if (operations->empty())
        s.out.note("nothing is under way");
    else
        s.out.print(layout(operations_table(*operations), s.out.facts().out ? s.out.columns() : 0,
                           s.out.facts().colours_out()));
    co_return exit_code::done;
}

task<outcome<int>> run_cancel(session& s, cancel_command wish) {
    auto operations = co_await operations_now(s);
    if (operations.has_error())
        co_return operations.error();
    json meant; // an id comes before a name, as everywhere
    for (auto& each : *operations)
        if (word(each, "id") == wish.operation ||
            (meant.is_null() && name_key(word(each, "name")) == name_key(wish.operation)))
            meant = each;
    if (meant.is_null()) {
        auto why = failed(fmt::format("no create {} is under way; see: berth operations", in_quotes(wish.operation)));
        co_return why;
    }
    http_request request;
    request.method = "DELETE";
    request.target = "/api/operations/" + percent_encoded(word(meant, "id"));
    auto body = co_await ask(s, std::move(request));
    if (body.has_error())
        co_return body.error();
    if (s.json)
        s.out.print_json(*body);
    else
        s.out.print(fmt::format("cancelled {}\n", visible(word(meant, "name"))));
    co_return exit_code::done;
}

} // namespace berth::cli
