#include "cli/log_follow.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace berth::cli;
using json = nlohmann::json;

namespace {

const std::string id = "abc1234567";

std::string log(const char* stream, std::size_t from, std::string text) {
    return json{{"type", "log"}, {"id", id}, {"stream", stream}, {"from", from}, {"to", from + text.size()},
                {"text", text}}
        .dump();
}
std::string reset(const char* stream) { return json{{"type", "log-reset"}, {"id", id}, {"stream", stream}}.dump(); }

std::string shown(const log_follow::step& step) {
    std::string all;
    for (auto& piece : step.texts)
        all += (piece.side == log_side::out ? "o:" : "e:") + piece.text;
    return all;
}

/// Answers the measuring follow with the ends of both files.
log_follow::step measured(log_follow& f, std::size_t out, std::size_t error) {
    auto first = json::parse(f.on_connected());
    BOOST_TEST(first["tailBytes"] == 0);
    f.on_message(log("stdout", out, ""));
    return f.on_message(log("stderr", error, ""));
}

} // namespace

BOOST_AUTO_TEST_SUITE(following)

BOOST_AUTO_TEST_CASE(the_last_lines_and_then_everything) {
    log_follow f({id, 2, true, true});
    auto step = measured(f, 20, 0);
    BOOST_REQUIRE(step.send.has_value());
    BOOST_TEST(json::parse(*step.send)["from"] == (json{{"stdout", 0}, {"stderr", 0}}));
    BOOST_TEST(shown(f.on_message(log("stdout", 0, "one\ntwo\nth"))) ==
               ""); // kept back until the end that was measured
    BOOST_TEST(shown(f.on_message(log("stdout", 10, "ree\nfour\n5"))) == "o:four\n5");
    BOOST_TEST(shown(f.on_message(log("stderr", 0, "oops\n"))) == "e:oops\n");
    BOOST_TEST(shown(f.on_message(log("stdout", 20, "six\n"))) == "o:six\n");
}

BOOST_AUTO_TEST_CASE(a_tail_over_several_messages) {
    log_follow f({id, 2, true, false});
    measured(f, 14, 0);
    BOOST_TEST(shown(f.on_message(log("stdout", 0, "one\ntwo\n"))) == "");
    BOOST_TEST(shown(f.on_message(log("stdout", 8, "three\n"))) == "o:two\no:three\n");
}

BOOST_AUTO_TEST_CASE(an_empty_log_is_live_at_once) {
    log_follow f({id, 200, true, true});
    BOOST_TEST(!measured(f, 0, 0).send);
    BOOST_TEST(shown(f.on_message(log("stderr", 0, "x"))) == "e:x");
}

BOOST_AUTO_TEST_CASE(no_lines_means_only_what_is_new) {
    log_follow f({id, 0, true, true});
    BOOST_TEST(!measured(f, 1000, 5).send);
    BOOST_TEST(shown(f.on_message(log("stdout", 1000, "new\n"))) == "o:new\n");
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_not_wanted) {
    log_follow f({id, 0, false, true});
    measured(f, 0, 0);
    BOOST_TEST(shown(f.on_message(log("stdout", 0, "no\n"))) == "");
    BOOST_TEST(shown(f.on_message(log("stderr", 0, "yes\n"))) == "e:yes\n");
}

BOOST_AUTO_TEST_CASE(a_large_log_is_read_from_its_last_mebibyte_and_starts_with_a_whole_line) {
    log_follow f({id, 10, true, false});
    constexpr std::size_t mebibyte = 1024 * 1024;
    auto step = measured(f, 3 * mebibyte, 0);
    BOOST_TEST(json::parse(*step.send)["from"]["stdout"] == 2 * mebibyte);
    std::string text = "half a line\n" + std::string(mebibyte - 13, 'x') + "\n";
    BOOST_TEST(shown(f.on_message(log("stdout", 2 * mebibyte, text))) == "o:" + text.substr(12));
}

BOOST_AUTO_TEST_CASE(what_an_earlier_follow_sent_is_not_shown_twice) {
    log_follow f({id, 10, true, false});
    measured(f, 8, 0);
    BOOST_TEST(shown(f.on_message(log("stdout", 8, "new\n"))) == ""); // of the measuring follow
    BOOST_TEST(shown(f.on_message(log("stdout", 0, "one\ntwo\nnew\n"))) == "o:one\ntwo\nnew\n");
    BOOST_TEST(shown(f.on_message(log("stdout", 8, "new\n"))) == "");
    BOOST_TEST(shown(f.on_message(log("stdout", 10, "w\nmore\n"))) == "o:more\n");
}

BOOST_AUTO_TEST_CASE(a_new_connection_resumes_where_the_last_one_ended) {
    log_follow f({id, 10, true, true});
    measured(f, 4, 0);
    f.on_message(log("stdout", 0, "one\n"));
    f.on_message(log("stderr", 0, "e\n"));
    auto wish = json::parse(f.on_connected());
    BOOST_TEST(wish["from"] == (json{{"stdout", 4}, {"stderr", 2}}));
    BOOST_TEST(shown(f.on_message(log("stdout", 4, "two\n"))) == "o:two\n");
}

BOOST_AUTO_TEST_CASE(lost_before_anything_was_shown_it_begins_anew) {
    log_follow f({id, 10, true, false});
    measured(f, 8, 0);
    f.on_message(log("stdout", 0, "one\n"));
    measured(f, 8, 0);
    BOOST_TEST(shown(f.on_message(log("stdout", 0, "one\ntwo\n"))) == "o:one\ntwo\n");
}

BOOST_AUTO_TEST_CASE(a_log_that_was_truncated_starts_at_its_beginning) {
    log_follow f({id, 0, true, true});
    measured(f, 100, 0);
    f.on_message(reset("stdout"));
    BOOST_TEST(shown(f.on_message(log("stdout", 0, "again\n"))) == "o:again\n");
    BOOST_TEST(json::parse(f.on_connected())["from"]["stdout"] == 6);
}

BOOST_AUTO_TEST_CASE(truncated_while_it_catches_up) {
    log_follow f({id, 10, true, true});
    measured(f, 100, 0);
    f.on_message(log("stdout", 0, "old\n"));
    BOOST_TEST(shown(f.on_message(reset("stdout"))) == "o:old\n");
    BOOST_TEST(shown(f.on_message(log("stdout", 0, "new\n"))) == "o:new\n");
}

BOOST_AUTO_TEST_CASE(a_deleted_app_ends_it) {
    log_follow f({id, 10, true, true});
    measured(f, 0, 0);
    BOOST_TEST(f.on_message(json{{"type", "removed"}, {"revision", 2}, {"id", id}}.dump()).app_gone);
    BOOST_TEST(f.on_message(R"({"type":"error","code":"app_not_found","detail":"x"})").app_gone);
    BOOST_TEST(!f.on_message(R"({"type":"removed","revision":2,"id":"another123"})").app_gone);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_know_is_ignored) {
    log_follow f({id, 10, true, true});
    measured(f, 0, 0);
    for (auto* text : {"", "[]", "{}", "not json", R"({"type":"snapshot","apps":[]})",
                       R"({"type":"error","code":"invalid_request"})"}) {
        auto step = f.on_message(text);
        BOOST_TEST((step.texts.empty() && !step.send && !step.app_gone), text);
    }
}

BOOST_AUTO_TEST_CASE(tails) {
    struct {
        std::string_view text;
        std::size_t lines, start;
    } const rows[] = {{"", 5, 0},          {"a\nb\nc\n", 1, 4}, {"a\nb\nc\n", 2, 2},
                      {"a\nb\nc\n", 3, 0}, {"a\nb\nc\n", 9, 0}, {"a\nb\nc", 1, 4},
                      {"a\n\n\n", 2, 2},   {"a\nb\nc\n", 0, 6}, {"\n", 1, 0}};
    for (auto& row : rows)
        BOOST_TEST(tail_start(row.text, row.lines) == row.start, row.text << " " << row.lines);
}

BOOST_AUTO_TEST_CASE(waits_longer_each_time_up_to_a_bound) {
    backoff wait;
    std::vector<long> times;
    for (int i = 0; i < 7; ++i)
        times.push_back(static_cast<long>(wait.next().count()));
    BOOST_TEST(times == (std::vector<long>{100, 200, 400, 800, 1600, 2000, 2000}), boost::test_tools::per_element());
    wait.reset();
    BOOST_TEST(wait.next().count() == 100);
}

BOOST_AUTO_TEST_SUITE_END()
