#include "temp_root.hpp"

#include "store/journal.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::test;

namespace {

struct journal_world {
    temp_folder folder;
    std::unique_ptr<file_system> files = create_file_system();
    journal_folder journal{*files, folder.path()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(journal_suite, journal_world)

BOOST_AUTO_TEST_CASE(keeps_and_erases) {
    BOOST_TEST(journal.read().creates.empty());
    for (auto id : {"b000000000", "a000000000", "b000000000"})
        BOOST_TEST(journal.put(id).has_value());
    BOOST_TEST((journal.read().creates == std::vector<std::string>{"a000000000", "b000000000"}));
    BOOST_TEST(journal.read().removals.empty());

    BOOST_TEST(journal.erase("a000000000").has_value());
    BOOST_TEST(journal.erase("a000000000").has_value());
    BOOST_TEST((journal.read().creates == std::vector<std::string>{"b000000000"}));
}

BOOST_AUTO_TEST_CASE(reads_what_an_earlier_berth_wrote) {
    write_text(folder.path() / "a000000000.json", "{\"kind\":\"create\",\"filesToo\":true}\n");
    write_text(folder.path() / "b000000000.json", "{\"kind\":\"remove\",\"filesToo\":true}\n");
    write_text(folder.path() / "c000000000.json", "{\"kind\":\"remove\",\"filesToo\":false}\n");
    auto found = journal.read();
    BOOST_TEST((found.creates == std::vector<std::string>{"a000000000"}));
    std::vector<std::pair<std::string, removal>> removals = {{"b000000000", removal::all},
                                                             {"c000000000", removal::entry}};
    BOOST_TEST((found.removals == removals));
}

BOOST_AUTO_TEST_CASE(what_it_does_not_understand_is_set_aside_once) {
    BOOST_REQUIRE(journal.put("a000000000").has_value());
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
    BOOST_TEST(found.creates.size() == 1u);
    BOOST_TEST(found.complaints.size() == std::size(odd));
    for (auto& [name, text] : odd) {
        BOOST_TEST(!fs::exists(folder.path() / name));
        BOOST_TEST(read_text(folder.path() / (std::string(name) + ".unreadable")) == text);
    }
    BOOST_TEST(fs::exists(folder.path() / "README"));
    BOOST_TEST(!fs::exists(folder.path() / ".a000000000.json.tmp"));
    found = journal.read();
    BOOST_TEST(found.creates.size() == 1u);
    BOOST_TEST(found.complaints.empty());
    BOOST_TEST(names_in(folder.path()).size() == 2 + std::size(odd));
}

BOOST_AUTO_TEST_CASE(only_ids_have_entries) {
    for (std::string odd : {"", "..", "../a", "ABC"}) {
        BOOST_TEST(journal.put(odd).has_error());
        BOOST_TEST(journal.erase(odd).has_error());
    }
    BOOST_TEST(names_in(folder.path()).empty());
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_an_empty_journal_and_said) {
    fs::remove(folder.path());
    auto found = journal.read();
    BOOST_TEST(found.creates.empty());
    BOOST_TEST(found.complaints.size() == 1u);
    BOOST_TEST(journal.put("a000000000").has_error());
}

BOOST_AUTO_TEST_SUITE_END()
