#include "core/clock.hpp"
#include "core/history_sampler.hpp"

#include "support/fakes.hpp"

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(history_test)

namespace {

constexpr std::int64_t noon = 1'769'860'800'000;

app running(status s = status::online) {
    app a;
    a.id = "abc1234567";
    a.status = s;
    a.cpu_percent = 3.24;
    a.memory_mb = 628;
    return a;
}

sample at(std::int64_t when, double cpu = 1) {
    sample s;
    s.at = when;
    s.cpu_percent = cpu;
    s.memory_mb = 100;
    s.status = status::online;
    return s;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_sample_says_what_is_known_and_no_more) {
    auto seen = sample_of(running(), noon - 200, noon);
    BOOST_REQUIRE(seen.has_value());
    BOOST_TEST(seen->at == noon);
    BOOST_TEST(seen->memory_mb.value() == 628);
    BOOST_TEST((sample_of(running(status::launching), noon, noon)->memory_mb == 628));
    for (auto at_rest : {status::stopped, status::errored}) {
        auto s = sample_of(running(at_rest), noon, noon);
        BOOST_REQUIRE(s.has_value());
        BOOST_TEST((s->status == at_rest));
        BOOST_TEST((!s->cpu_percent && !s->memory_mb));
    }
    BOOST_TEST(!sample_of(running(status::unknown), noon, noon)); // pm2 is silent
}

BOOST_AUTO_TEST_CASE(a_figure_is_repeated_until_the_next_sync_must_have_come) {
    BOOST_TEST(sample_of(running(), noon - 30'000, noon).has_value());
    BOOST_TEST(!sample_of(running(), noon - 60'000, noon));
    BOOST_TEST(!sample_of(running(), noon + 1, noon)); // the clock was set back: it is not known when that was
}

BOOST_AUTO_TEST_CASE(an_hour_is_kept) {
    history kept;
    for (int i = 0; i < 2'000; ++i)
        kept.add("a", at(noon + i * 5'000, i));
    auto end = noon + 1'999 * 5'000;
    auto all = kept.of("a", end);
    BOOST_TEST(all.size() == history::most);
    BOOST_TEST(all.back().at == end);
    BOOST_TEST(all.front().at == end - 719 * 5'000);
    BOOST_TEST(all.front().cpu_percent.value() == 1'280);
    BOOST_TEST(kept.of("a", end + 1'800'000).size() == history::most / 2); // time goes on without samples
    BOOST_TEST(kept.of("a", end + 3'600'000).empty());
    BOOST_TEST(kept.of("b", end).empty());
}

BOOST_AUTO_TEST_CASE(what_is_packed_comes_out_as_it_went_in) {
    history kept;
    auto s = at(noon, 1'234.56);
    kept.add("a", s);
    sample none;
    none.at = noon + 5'000;
    kept.add("a", none);
    auto all = kept.of("a", noon + 5'000);
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].cpu_percent.value() == 1'234.6);
    BOOST_TEST(all[0].memory_mb.value() == 100);
    BOOST_TEST((all[1] == none));
    kept.add("a", at(noon + 10'000, 1e9)); // no machine has that
    BOOST_TEST(kept.of("a", noon + 10'000)[2].cpu_percent.value() == 6'553.4);
}

BOOST_AUTO_TEST_CASE(time_only_goes_forward) {
    history kept;
    for (int i = 0; i < 10; ++i)
        kept.add("a", at(noon + i * 5'000));
    kept.add("a", at(noon + 12'000)); // set back by half a minute
    auto all = kept.of("a", noon + 12'000);
    BOOST_TEST(all.size() == 4u);
    BOOST_TEST(std::is_sorted(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; }));
}

BOOST_AUTO_TEST_CASE(the_answer_has_columns_of_equal_length) {
    auto empty = to_json(std::vector<sample>());
    BOOST_TEST(empty.dump() == R"({"at":[],"cpuPercent":[],"memoryMB":[],"status":[]})");
    sample stopped;
    stopped.at = noon + 5'000;
    auto two = to_json(std::vector<sample>{at(noon, 3.2), stopped});
    BOOST_TEST(two.dump() == R"({"at":[1769860800000,1769860805000],"cpuPercent":[3.2,null],"memoryMB":[100,null],)"
                             R"("status":["online","stopped"]})");
}

BOOST_AUTO_TEST_CASE(it_is_filled_from_what_clients_are_shown) {
    asio::io_context io;
    registry apps;
    manifest_entry entry;
    entry.app = running();
    apps.insert(entry);
    apps.commit();
    history kept;
    std::optional<std::int64_t> seen_at;
    {
        history_sampler sampler(
            io.get_executor(), apps, kept, [&] { return seen_at; }, std::chrono::milliseconds(1));
        auto body = [&]() -> task<> {
            asio::steady_timer timer(io, std::chrono::milliseconds(20));
            co_await timer.async_wait(as_result);
            BOOST_TEST(kept.of("abc1234567", wall_ms()).empty()); // nobody has looked yet
            seen_at = wall_ms();
            co_await until([&] { return kept.of("abc1234567", wall_ms()).size() >= 3; });
            apps.erase("abc1234567");
            apps.commit();
            co_await until([&] { return kept.of("abc1234567", wall_ms()).empty(); }); // it went with the app
            sampler.close();
            co_await settle();
        };
        run(io, body());
    }
}

BOOST_AUTO_TEST_SUITE_END()
