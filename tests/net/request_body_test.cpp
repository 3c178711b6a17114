#include "net/api/request_body.hpp"

#include "net/http/strict_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::net;

namespace {

/// The detail of the refusal; empty: taken.
template <class T>
std::string refusal_of(const result<T>& r) {
    if (r)
        return {};
    BOOST_TEST((r.error().code == errc::invalid_request));
    return r.error().detail;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(request_body)

BOOST_AUTO_TEST_CASE(create_takes) {
    BOOST_TEST(!parse_create("")->name);
    BOOST_TEST(!parse_create("{}")->name);
    BOOST_TEST(!parse_create(R"({"name":null,"category":null})")->category);
    auto both = parse_create(R"( {"name":"a \u00e9","category":"demos"} )");
    BOOST_TEST(*both->name == "a é");
    BOOST_TEST(*both->category == "demos");
    BOOST_TEST(*parse_create(R"({"request":"0b9f6c1e-2a57_X"})")->request == "0b9f6c1e-2a57_X");
    BOOST_TEST(!parse_create(R"({"request":null})")->request);
    BOOST_TEST(*parse_create(R"({"name":""})")->name == ""); // blank: the orchestrator's rule
}

BOOST_AUTO_TEST_CASE(create_takes_a_project_to_adopt) {
    BOOST_TEST(!parse_create(R"({"lan":true,"notes":"x"})")->adopt.has_value());
    BOOST_TEST(parse_create(R"({"lan":true})")->lan);
    auto adopt = parse_create(R"({"directory":"/projects/shop"})")->adopt.value();
    BOOST_TEST(adopt.directory == "/projects/shop");
    BOOST_TEST(adopt.script == "dev");
    BOOST_TEST(!adopt.take_over);
    adopt = parse_create(R"({"directory":"/projects/shop","script":"start","takeOver":true})")->adopt.value();
    BOOST_TEST(adopt.script == "start");
    BOOST_TEST(adopt.take_over);
}

BOOST_AUTO_TEST_CASE(edit_takes) {
    auto nothing = parse_edit("{}").value();
    BOOST_TEST((!nothing.name && !nothing.category && !nothing.notes && !nothing.keep_awake && !nothing.lan));
    auto all = parse_edit(R"({"name":"a","category":null,"notes":"n","keepAwake":true,"lan":false})").value();
    BOOST_TEST(all.name.value() == "a");
    BOOST_TEST(!all.category.value().has_value()); // is to be cleared
    BOOST_TEST(all.notes.value().value() == "n");
    BOOST_TEST(all.keep_awake.value());
    BOOST_TEST(!all.lan.value());
}

BOOST_AUTO_TEST_CASE(edit_refuses_and_names_the_field) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {R"({"name":null})", "name:"},
        {R"({"lan":null})", "lan:"},
        {R"({"keepAwake":null})", "keepAwake:"},
        {R"({"lan":"true"})", "lan:"},
        {R"({"category":1})", "category:"},
        {R"({"notes":[]})", "notes:"},
        {R"({"directory":"/a"})", "directory:"},
        {R"({"port":1})", "port:"},
        {"", "JSON"},
        {"[]", "object"},
    };
    for (auto& [body, part] : rows)
        BOOST_TEST(has(refusal_of(parse_edit(body)), part), body);
}

BOOST_AUTO_TEST_CASE(create_refuses_and_names_the_field) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {R"({"name":1})", "name:"},
        {R"({"name":["a"]})", "name:"},
        {R"({"category":{}})", "category:"},
        {R"({"category":true})", "category:"},
        {R"({"request":1})", "request:"},
        {R"({"request":""})", "request: must be"},
        {R"({"request":"a b"})", "request: must be"},
        {R"({"request":"\u0000"})", "request: must be"},
        {R"({"nmae":"a"})", "nmae:"},
        {R"({"directory":1})", "directory:"},
        {R"({"directory":"/a","script":[]})", "script:"},
        {R"({"directory":"/a","takeOver":"yes"})", "takeOver:"},
        {R"({"script":"dev"})", "script: goes with directory"},
        {R"({"takeOver":true})", "takeOver: goes with directory"},
        {R"({"lan":1})", "lan:"},
        {R"({"notes":1})", "notes:"},
        {R"({"keepAwake":true})", "keepAwake:"},
        {R"({"name":"a","name":"b"})", "name: is given more than once"},
        {R"({"":"a"})", "no such field"},
        {R"([])", "object"},
        {R"("name")", "object"},
        {R"(null)", "object"},
        {R"(1)", "object"},
        {R"({"name":"a"} x)", "JSON"},
        {R"({"name":"a",})", "JSON"},
        {R"({'name':'a'})", "JSON"},
        {R"({"name":"a")", "JSON"},
        {R"({"name":NaN})", "JSON"},
        {" ", "JSON"},
        {"{\"name\":\"\xff\"}", "JSON"},
        {"{\"name\":\"\\ud800\"}", "JSON"},
        {"name=a&category=b", "JSON"},
    };
    for (auto& [body, part] : rows)
        BOOST_TEST(has(refusal_of(parse_create(body)), part), body << " -> " << refusal_of(parse_create(body)));
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
    auto nested = [](int depth) { return R"({"name":)" + std::string(depth, '[') + std::string(depth, ']') + "}"; };
    BOOST_TEST(has(refusal_of(parse_create(nested(max_depth - 1))), "name:"));
    BOOST_TEST(has(refusal_of(parse_create(nested(max_depth))), "too deep"));
    BOOST_TEST(has(refusal_of(parse_create(nested(30'000))), "too deep"));
    BOOST_TEST(has(refusal_of(parse_create(R"({"name":{"a":1,"a":2}})")), "a: is given more than once"));
}

BOOST_AUTO_TEST_CASE(bulk_takes) {
    auto ids = parse_bulk(R"({"action":"stop","ids":["abc1234567","x"]})");
    BOOST_TEST((ids->action == bulk_action::stop));
    BOOST_TEST(std::get<std::vector<std::string>>(ids->selection).size() == 2u);
    auto category = parse_bulk(R"({"action":"restart","category":"demos"})");
    BOOST_TEST((category->action == bulk_action::restart));
    BOOST_TEST(*std::get<apps_of_category>(category->selection).category == "demos");
    BOOST_TEST((parse_bulk(R"({"action":"delete","all":true,"cleanup":true})")->action == bulk_action::remove));
    BOOST_TEST(
        (parse_bulk(R"({"action":"delete","ids":[],"cleanup":false})")->action == bulk_action::remove_but_keep_folder));
    BOOST_TEST((parse_bulk(R"({"action":"sleep","all":true})")->action == bulk_action::sleep));
    BOOST_TEST((parse_bulk(R"({"action":"wake","category":"demos"})")->action == bulk_action::wake));
    auto none = parse_bulk(R"({"action":"delete","category":null})");
    BOOST_TEST((none->action == bulk_action::remove));
    BOOST_TEST(!std::get<apps_of_category>(none->selection).category);
    BOOST_TEST(std::holds_alternative<all_apps>(parse_bulk(R"({"all":true,"action":"stop"})")->selection));
    BOOST_TEST(std::get<0>(parse_bulk(R"({"action":"stop","ids":[]})")->selection).empty());
}

BOOST_AUTO_TEST_CASE(bulk_refuses) {
    const std::pair<std::string, std::string_view> rows[] = {
        {"", "JSON"},
        {"{}", "action:"},
        {R"({"action":"stop"})", "Exactly one"},
        {R"({"action":"stop","all":true,"ids":[]})", "Exactly one"},
        {R"({"action":"stop","category":null,"all":true})", "Exactly one"},
        {R"({"action":"stop","all":false})", "all:"},
        {R"({"action":"stop","all":1})", "all:"},
        {R"({"action":"destroy","all":true})", "action: must be stop, restart, sleep, wake or delete"},
        {R"({"action":1,"all":true})", "action:"},
        {R"({"action":"stop","ids":"abc"})", "ids:"},
        {R"({"action":"stop","ids":[1]})", "ids:"},
        {R"({"action":"stop","category":1})", "category:"},
        {R"({"action":"stop","category":""})", "category:"},
        {R"({"action":"stop","category":" \t"})", "category:"},
        {R"({"action":"delete","all":true,"cleanup":"no"})", "cleanup:"},
        {R"({"action":"stop","all":true,"cleanup":false})", "cleanup:"},
        {R"({"action":"sleep","all":true,"cleanup":false})", "cleanup:"},
        {R"({"action":"stop","ids":[)" +
             [] {
                 std::string ids = "\"a\"";
                 for (int i = 0; i < 1000; ++i)
                     ids += ",\"a\"";
                 return ids;
             }() +
             "]}",
         "ids:"},
    };
    for (auto& [body, part] : rows)
        BOOST_TEST(has(refusal_of(parse_bulk(body)), part), body.substr(0, 80));
}

BOOST_AUTO_TEST_CASE(nothing_is_nothing) {
    BOOST_TEST(parse_nothing("").has_value());
    BOOST_TEST(parse_nothing("{}").has_value());
    BOOST_TEST(!parse_nothing("[]"));
    BOOST_TEST(!parse_nothing(R"({"force":true})"));
}

BOOST_AUTO_TEST_CASE(media_types) {
    for (auto text : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                      "application/json; charset=UTF-8", "application/json ; charset=\"utf-8\"", "application/json;"})
        BOOST_TEST(is_json_type(text), text);
    for (auto text : {"", "text/plain", "text/plain;application/json", "application/x-www-form-urlencoded",
                      "multipart/form-data; boundary=x", "application/jsonp", "application/json; charset=latin1",
                      "application/problem+json", "application/json, text/plain"})
        BOOST_TEST(!is_json_type(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
