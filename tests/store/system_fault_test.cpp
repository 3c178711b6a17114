// The store on the real disk, with each of its system calls failing in turn, and every read and write a short one.
#include "system_faults.hpp"
#include "temp_root.hpp"

#include "store/app_folders.hpp"
#include "store/durable_write.hpp"
#include "store/log_reader.hpp"
#include "store/root_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstring>

using namespace berth;
using namespace berth::test;

namespace {

constexpr int reasons[] = {EIO, ENOSPC, EROFS, EACCES, EMFILE, EINTR};

/// Calls act() once for each system call it makes, with that call failing, on a folder that prepare() has filled; then
/// check(root, outcome). An outcome that is an error must say the reason; after EINTR there is none.
template <class Prepare, class Act, class Check>
void at_each_system_call(Prepare prepare, Act act, Check check) {
    for (int reason : reasons)
        for (int n = 1;; ++n) {
            temp_folder folder;
            prepare(folder.path());
            std::string failed;
            bool all_done = false;
            auto outcome = [&] {
                system_fault fault(n, reason);
                auto made = act(folder.path());
                failed = fault.failed();
                all_done = fault.calls() < n;
                return made;
            }();
            BOOST_TEST_CONTEXT(failed << " as call " << n << ": " << std::strerror(reason)) {
                if (!outcome) {
                    BOOST_TEST((outcome.error().code == errc::storage_failed));
                    BOOST_TEST(outcome.error().detail.find(std::strerror(reason)) != std::string::npos,
                               outcome.error().detail);
                    BOOST_TEST(outcome.error().detail.find(folder.path().native()) != std::string::npos);
                    BOOST_TEST(reason != EINTR, outcome.error().detail);
                }
                check(folder.path(), outcome);
            }
            if (all_done)
                break;
            BOOST_REQUIRE(n < 500);
        }
}

} // namespace

BOOST_AUTO_TEST_SUITE(system_faults)

BOOST_AUTO_TEST_CASE(a_durable_write_leaves_the_old_text_or_the_new_one) {
    auto prepare = [](const fs::path& root) { write_text(root / "file", "the old text"); };
    auto act = [](const fs::path& root) { return durable_write(*create_file_system(), root / "file", "new"); };
    at_each_system_call(prepare, act, [](const fs::path& root, const result<>& outcome) {
        auto text = read_text(root / "file");
        BOOST_TEST((text == "new" || (!outcome && text == "the old text")));
        BOOST_TEST(durable_write(*create_file_system(), root / "file", "once more").has_value());
        BOOST_TEST(read_text(root / "file") == "once more");
        BOOST_TEST(names_in(root).size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(what_is_read_is_the_whole_or_an_error) {
    auto prepare = [](const fs::path& root) { write_text(root / "file", "the text"); };
    auto act = [](const fs::path& root) -> result<std::string> {
        auto text = create_file_system()->read(root / "file");
        if (!text)
            return storage_error("read", root / "file", text.error());
        return *text;
    };
    at_each_system_call(prepare, act, [](const fs::path&, const result<std::string>& outcome) {
        BOOST_TEST((!outcome || *outcome == "the text"));
    });
    auto list = [](const fs::path& root) -> result<std::vector<std::string>> {
        auto names = create_file_system()->list(root);
        if (!names)
            return storage_error("read", root, names.error());
        return *names;
    };
    at_each_system_call(prepare, list, [](const fs::path&, const result<std::vector<std::string>>& outcome) {
        BOOST_TEST((!outcome || *outcome == std::vector<std::string>{"file"}));
    });
}

BOOST_AUTO_TEST_CASE(an_apps_folder_is_in_its_place_or_in_the_trash) {
    auto prepare = [](const fs::path& root) {
        fs::create_directories(root / ".berth/trash");
        fs::create_directories(root / "created-apps" / id);
        write_text(root / "created-apps" / id / "file", "text");
    };
    auto act = [](const fs::path& root) { return trash_app(root, id); };
    at_each_system_call(prepare, act, [](const fs::path& root, const result<>& outcome) {
        auto here = fs::exists(root / "created-apps" / id / "file"),
             there = fs::exists(root / ".berth/trash" / (id + "-0/file"));
        BOOST_TEST(here != there);
        BOOST_TEST((there || !outcome));
        BOOST_TEST(trash_app(root, id).has_value());
        BOOST_TEST(fs::exists(root / ".berth/trash" / (id + "-0/file")));
    });
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_gone_already_is_gone_for_good) {
    temp_folder folder;
    fs::create_directories(folder.path() / "created-apps"); // a first call moved it, and could not sync that
    std::string failed;
    for (int n = 1; failed != "fsync"; ++n) {
        system_fault fault(n, EIO);
        auto again = trash_app(folder.path(), id);
        failed = fault.failed();
        BOOST_REQUIRE_MESSAGE(!failed.empty(), "nothing was synced");
        BOOST_TEST((again.has_error() || failed == "close"));
    }
}

BOOST_AUTO_TEST_CASE(logs_are_gone_or_it_is_said_that_they_are_not) {
    auto prepare = [](const fs::path& root) {
        fs::create_directories(root / "logs");
        for (auto suffix : {"-out.log", "-error.log", "-out__2026.log"})
            write_text(root / "logs" / ("orch-" + id + suffix), "text");
        write_text(root / "logs/orch-other12345-out.log", "text");
    };
    auto act = [](const fs::path& root) { return remove_logs(root, id); };
    at_each_system_call(prepare, act, [](const fs::path& root, const result<>& outcome) {
        if (outcome)
            BOOST_TEST(names_in(root / "logs").size() == 1u);
        BOOST_TEST(remove_logs(root, id).has_value());
        BOOST_TEST((names_in(root / "logs") == std::vector<std::string>{"orch-other12345-out.log"}));
    });
}

BOOST_AUTO_TEST_CASE(a_root_is_opened_or_it_is_said_why_not) {
    auto act = [](const fs::path& root) { return root_folder::open(root); };
    at_each_system_call([](const fs::path&) {}, act,
                 [](const fs::path& root, result<root_folder>& outcome) {
                     if (outcome) {
                         BOOST_TEST(root_folder::open(root).has_error()); // the lock is held
                         auto closed = std::move(*outcome);
                     }
                     BOOST_TEST(root_folder::open(root).has_value()); // and nothing but a living server holds it
                     BOOST_TEST(fs::is_directory(root / ".berth/journal"));
                 });
}

BOOST_AUTO_TEST_CASE(a_log_is_read_right_or_not_at_all) {
    auto prepare = [](const fs::path& root) {
        fs::create_directories(root / "logs");
        write_text(root / "logs" / ("orch-" + id + "-out.log"), "one\ntwo\nthree\n");
    };
    auto tail = [](const fs::path& root) { return read_excerpt(root, id, log_stream::out, {.lines = 2}); };
    at_each_system_call(prepare, tail, [](const fs::path&, const result<log_excerpt>& outcome) {
        BOOST_TEST((!outcome || outcome->bytes == "two\nthree\n"));
    });
    auto piece = [](const fs::path& root) { return read_piece(root, id, log_stream::out, 4, 3); };
    at_each_system_call(prepare, piece, [](const fs::path&, const result<log_piece>& outcome) {
        BOOST_TEST((!outcome || (outcome->bytes == "two" && outcome->size == 14)));
    });
}

BOOST_AUTO_TEST_SUITE_END()
