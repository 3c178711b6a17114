#include "temp_root.hpp"

#include "core/app_json.hpp"
#include "store/activity_file.hpp"
#include "support/patience.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <unistd.h>

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(activity_on_disk)

namespace {

constexpr std::int64_t noon = 1'769'860'800'000;

activity_entry entry(std::uint64_t n, std::string text = "Online after 2.3 s.") {
    activity_entry e;
    e.id = static_cast<std::uint64_t>(noon) + n;
    e.at = noon + static_cast<std::int64_t>(n);
    e.app = id;
    e.name = "Übersee \"shop\"";
    e.kind = happening::online;
    e.text = std::move(text);
    return e;
}

struct activity_world {
    temp_folder folder;
    fs::path path = folder.path() / "activity.jsonl";
    asio::io_context io;
    asio::thread_pool pool{1};
    std::unique_ptr<activity_store> store;

    activity_world() { open(); }
    ~activity_world() {
        pool.join();
        store.reset();
    }

    /// As the next server would.
    void open() { store = create_activity_file(io.get_executor(), pool.get_executor(), path); }

    void run(task<> body) {
        bool ended = false;
        asio::co_spawn(io, std::move(body), [&](std::exception_ptr e) {
            ended = true;
            if (e)
                std::rethrow_exception(e);
        });
        io.restart();
        io.run_for(patience(std::chrono::seconds(60)));
        BOOST_REQUIRE(ended);
    }
    void append(std::vector<activity_entry> all) {
        auto body = [](activity_store& to, std::vector<activity_entry> given) -> task<> {
            for (auto& e : given)
                to.append(e);
            co_await to.close();
        };
        run(body(*store, std::move(all)));
    }
    std::vector<activity_entry> load() {
        std::vector<activity_entry> found;
        auto body = [](activity_store& from, std::vector<activity_entry>& into) -> task<> {
            into = co_await from.load();
        };
        run(body(*store, found));
        return found;
    }
    std::size_t lines() const {
        auto text = read_text(path);
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(activity_files, activity_world)

BOOST_AUTO_TEST_CASE(what_is_appended_is_there_for_the_next_server) {
    BOOST_TEST(load().empty());
    auto second = entry(2);
    second.app.reset();
    second.name.reset();
    second.kind = happening::server_started;
    append({entry(1), second});
    append({entry(3)});
    open();
    auto found = load();
    BOOST_TEST((found == std::vector<activity_entry>{entry(1), second, entry(3)}));
    BOOST_TEST(lines() == 3u);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_events_are_bounded_on_the_disk) {
    auto body = [](activity_store& to, fs::path file) -> task<> {
        std::uintmax_t most = 0;
        for (std::uint64_t n = 0; n < 100'000; ++n) {
            to.append(entry(n));
            if (n % 500 == 499) { // what comes faster than the disk takes it is bounded in the queue
                co_await to.close();
                most = std::max(most, fs::file_size(file));
            }
        }
        auto line = dump(to_json(entry(99'999))).size() + 1;
        BOOST_TEST(most <= (2 * most_activity + 500) * line);
    };
    run(body(*store, path));
    BOOST_TEST(lines() >= most_activity);
    BOOST_TEST(lines() < 2 * most_activity);
    BOOST_TEST((names_in(folder.path()) == std::vector<std::string>{"activity.jsonl"})); // no temporary is left
    open();
    auto found = load();
    BOOST_REQUIRE(found.size() == most_activity);
    BOOST_TEST((found.front() == entry(98'000)));
    BOOST_TEST((found.back() == entry(99'999)));
}

BOOST_AUTO_TEST_CASE(a_burst_keeps_the_newest_and_the_memory_bounded) {
    std::vector<activity_entry> all;
    for (std::uint64_t n = 0; n < 10'000; ++n)
        all.push_back(entry(n));
    append(all); // at once: nothing was written in between
    BOOST_TEST(lines() <= most_activity + 1); // one that was on its way already
    auto found = load();
    BOOST_TEST((found.back() == entry(9'999)));
    BOOST_TEST(found.size() == most_activity);
}

BOOST_AUTO_TEST_CASE(a_torn_line_is_left_out_and_nothing_else) {
    append({entry(1), entry(2)});
    auto text = read_text(path);
    for (std::size_t cut : {text.size() - 1, text.size() - 5, text.size() / 2 + 3}) {
        write_text(path, text.substr(0, cut));
        open();
        bool whole = cut == text.size() - 1; // without its line end alone
        BOOST_TEST(load().size() == (whole ? 2u : 1u));
        append({entry(3)});
        auto found = load();
        BOOST_TEST((found.front() == entry(1)));
        BOOST_TEST((found.back() == entry(3)));
        BOOST_TEST(found.size() == (whole ? 3u : 2u));
    }
}

BOOST_AUTO_TEST_CASE(lines_of_others) {
    auto good = dump(to_json(entry(7)));
    std::string huge = R"({"id":9007199254740991,"at":1,"kind":"online","text":"x"})";
    std::string text;
    for (auto line : {std::string("nonsense"), std::string("[1]"), std::string("{}"), std::string("\xff\xfe"),
                      std::string(1 << 20, '['), huge, R"({"id":-1,"at":1,"kind":"online","text":"x"})" + std::string(),
                      R"({"id":1,"at":1,"kind":"dreamt","text":"of a newer Berth"})" + std::string(),
                      R"({"id":1,"at":1,"app":"../../etc","kind":"online","text":"x"})" + std::string(),
                      R"({"id":1,"at":1,"kind":"online","text":")" + std::string(9'000, 'x') + "\"}", good, good})
        text += line + "\n";
    auto found = parse_activity(text);
    BOOST_REQUIRE(found.size() == 1u); // once
    BOOST_TEST((found[0] == entry(7)));
    BOOST_TEST(parse_activity("").empty());
    auto swapped = dump(to_json(entry(9))) + "\n" + dump(to_json(entry(8))) + "\n";
    BOOST_TEST((parse_activity(swapped)[0] == entry(8)));
}

BOOST_AUTO_TEST_CASE(what_the_disk_refuses_waits_and_is_written_later) {
    fs::create_directory(path); // in its place
    append({entry(1), entry(2)});
    append({entry(3)});
    BOOST_TEST(load().empty());
    fs::remove(path);
    append({entry(4)});
    BOOST_TEST((load() == std::vector<activity_entry>{entry(1), entry(2), entry(3), entry(4)}));
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_bounded) {
    fs::create_directory(path);
    for (int round = 0; round < 20; ++round) {
        std::vector<activity_entry> some;
        for (std::uint64_t n = 0; n < 500; ++n)
            some.push_back(entry(static_cast<std::uint64_t>(round) * 500 + n));
        append(some);
    }
    fs::remove(path);
    append({entry(10'000)});
    auto found = load();
    BOOST_TEST(found.size() == most_activity);
    BOOST_TEST((found.back() == entry(10'000)));
    BOOST_TEST((found.front() == entry(8'001)));
}

BOOST_AUTO_TEST_CASE(nothing_is_written_through_a_link_or_into_a_pipe) {
    write_text(folder.path() / "other", "mine\n");
    fs::create_symlink(folder.path() / "other", path);
    append({entry(1)});
    BOOST_TEST(read_text(folder.path() / "other") == "mine\n");
    BOOST_TEST(load().empty());
    fs::remove(path);
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    append({entry(2)}); // and nobody waits for a reader
    fs::remove(path);
    append({entry(3)});
    BOOST_TEST((load() == std::vector<activity_entry>{entry(1), entry(2), entry(3)}));
}

BOOST_AUTO_TEST_CASE(a_disk_that_hangs_holds_nothing_up) {
    // The pool's one thread is held, as by a frozen file system.
    std::atomic<bool> frozen = true;
    asio::post(pool, [&] {
        while (frozen)
            ::usleep(1'000);
    });
    for (std::uint64_t n = 0; n < 100'000; ++n)
        store->append(entry(n)); // returns at once
    io.restart();
    io.poll();
    BOOST_TEST(!fs::exists(path));
    frozen = false;
    append({entry(100'000)});
    auto found = load();
    BOOST_TEST((found.back() == entry(100'000)));
    BOOST_TEST(lines() <= 2 * most_activity);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
