#include "temp_root.hpp"

#include "store/journal.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::test;

namespace {

struct fixture {
    temp_folder folder;
    std::unique_ptr<file_system> files = create_file_system();
    journal_folder journal{*files, folder.path()};
};

using kind = journal_entry::kind;

} // namespace

BOOST_FIXTURE_TEST_SUITE(journal_suite, fixture)

BOOST_AUTO_TEST_CASE(keeps_replaces_and_erases) {
    BOOST_TEST(journal.read().entries.empty());
    BOOST_TEST(journal.put({kind::create, "b000000000", true}).has_value());
    BOOST_TEST(journal.put({kind::create, "a000000000", true}).has_value());
    BOOST_TEST(journal.put({kind::remove, "b000000000", false}).has_value());
    auto entries = journal.read().entries;
    BOOST_REQUIRE(entries.size() == 2u);
    BOOST_TEST(entries[0].id == "a000000000");
    BOOST_TEST((entries[0].what == kind::create));
    BOOST_TEST(entries[0].files_too);
    BOOST_TEST(entries[1].id == "b000000000");
    BOOST_TEST((entries[1].what == kind::remove));
    BOOST_TEST(!entries[1].files_too);

    BOOST_TEST(journal.erase("a000000000").has_value());
    BOOST_TEST(journal.erase("a000000000").has_value());
    BOOST_TEST(journal.read().entries.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_understand_is_set_aside_once) {
    BOOST_REQUIRE(journal.put({kind::create, "a000000000", true}).has_value());
    const std::pair<const char*, const char*> odd[] = {
        {"b000000000.json", ""},
        {"c000000000.json", "[]"},
        {"d000000000.json", R"({"kind": "burn", "filesToo": true})"},
        {"e000000000.json", R"({"kind": "remove"})"},
        {"f000000000.json", R"({"kind": 7, "filesToo": true})"},
        {"not an id.json", R"({"kind": "remove", "filesToo": true})"},
    };
    for (auto& [name, text] : odd)
        write_text(folder.path() / name, text);
    write_text(folder.path() / ".a000000000.json.tmp", "half");
    write_text(folder.path() / "README", "mine");

    auto found = journal.read();
    BOOST_TEST(found.entries.size() == 1u);
    BOOST_TEST(found.complaints.size() == std::size(odd));
    for (auto& [name, text] : odd) {
        BOOST_TEST(!fs::exists(folder.path() / name));
        BOOST_TEST(read_text(folder.path() / (std::string(name) + ".unreadable")) == text);
    }
    BOOST_TEST(fs::exists(folder.path() / "README"));
    BOOST_TEST(!fs::exists(folder.path() / ".a000000000.json.tmp"));
    found = journal.read();
    BOOST_TEST(found.entries.size() == 1u);
    BOOST_TEST(found.complaints.empty());
    BOOST_TEST(names_in(folder.path()).size() == 2 + std::size(odd));
}

BOOST_AUTO_TEST_CASE(only_ids_have_entries) {
    for (std::string odd : {"", "..", "../a", "ABC"}) {
        BOOST_TEST(journal.put({kind::create, odd, true}).has_error());
        BOOST_TEST(journal.erase(odd).has_error());
    }
    BOOST_TEST(names_in(folder.path()).empty());
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_an_empty_journal_and_said) {
    fs::remove(folder.path());
    auto found = journal.read();
    BOOST_TEST(found.entries.empty());
    BOOST_TEST(found.complaints.size() == 1u);
    BOOST_TEST(journal.put({kind::create, "a000000000", true}).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
