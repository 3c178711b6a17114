#include "temp_root.hpp"

#include "store/template_json.hpp"
#include "store/template_shelf.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::test;

namespace {

struct shelf_world {
    temp_folder folder;
    fs::path root = folder.path();
    fs::path templates = root / ".berth/templates";
    int sweeps = 0;
    template_shelf shelf{root, [this] { ++sweeps; }};

    shelf_world() {
        fs::create_directories(templates);
        fs::create_directories(root / ".berth/trash");
    }
    /// As a scaffold, or a clone, leaves it.
    void make_tree(const std::string& text = "one") {
        BOOST_REQUIRE(shelf.begin(id).has_value());
        auto tree = shelf.tree_of(id);
        fs::create_directories(tree / ".git/objects");
        fs::create_directories(tree / "node_modules/next");
        write_text(tree / "package.json", R"({"name": "x"})");
        write_text(tree / "text", text);
        write_text(tree / "node_modules/next/package.json", R"({"version": "16.4.3"})");
    }
    result<stored_template> place(const std::string& name) {
        template_facts facts;
        facts.source = "create-next-app";
        facts.made_at = 1769869800000;
        auto placed = shelf.place(id, name, facts);
        shelf.abandon(id);
        return placed;
    }
    std::string trashed() {
        std::string all;
        for (auto& name : names_in(root / ".berth/trash"))
            all += name.substr(0, name.find('-', 9)) + " ";
        return all;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(template_shelves, shelf_world)

BOOST_AUTO_TEST_CASE(one_is_placed_whole_and_found) {
    make_tree();
    BOOST_TEST(shelf.list().empty()); // not before it is placed
    auto placed = place("next");
    BOOST_REQUIRE(placed.has_value());
    BOOST_TEST(placed->facts.next.value_or("") == "16.4.3");
    BOOST_TEST(placed->facts.entries == 5u);
    BOOST_TEST((names_in(templates) == std::vector<std::string>{"next"}));
    BOOST_TEST((names_in(templates / "next") == std::vector<std::string>{"template.json", "tree"}));
    BOOST_TEST(!fs::exists(templates / "next/tree/.git"));
    BOOST_TEST((shelf.find("next")->facts == placed->facts));
    BOOST_TEST(shelf.list().size() == 1u);
    BOOST_TEST(trashed() == "template-making ");
}

BOOST_AUTO_TEST_CASE(what_is_no_project_is_refused) {
    BOOST_REQUIRE(shelf.begin(id).has_value());
    BOOST_TEST((place("next").error().code == errc::template_failed));
    fs::create_directories(shelf.tree_of(id));
    fs::create_symlink("/etc/passwd", shelf.tree_of(id) / "package.json");
    BOOST_TEST((place("next").error().code == errc::template_failed));
    BOOST_TEST(names_in(templates).empty());
}

BOOST_AUTO_TEST_CASE(what_was_half_removed_is_none) {
    make_tree();
    BOOST_REQUIRE(place("next").has_value());
    fs::remove(templates / "next/template.json");
    BOOST_TEST(!shelf.find("next"));
    BOOST_TEST((shelf.open("next").error().code == errc::template_not_found));
    write_text(templates / "next/template.json", "{}");
    BOOST_TEST(!shelf.find("next"));
    make_tree("two"); // takes its place all the same
    BOOST_REQUIRE(place("next").has_value());
    fs::remove(templates / "next/tree/package.json");
    BOOST_TEST(!shelf.find("next"));
    fs::remove_all(templates / "next");
    write_text(templates / "next", "a file");
    make_tree("three");
    BOOST_REQUIRE(place("next").has_value());
    BOOST_TEST(read_text(templates / "next/tree/text") == "three");
}

BOOST_AUTO_TEST_CASE(the_old_one_stays_until_the_last_copy_of_it_is_made) {
    make_tree("old");
    BOOST_REQUIRE(place("next").has_value());
    auto first = shelf.open("next"), second = shelf.open("next");
    BOOST_REQUIRE(first.has_value());
    make_tree("new");
    BOOST_REQUIRE(place("next").has_value());
    auto old_path = [&] { return fs::path("/proc/self/fd") / std::to_string(second->tree.get()) / "text"; };
    BOOST_TEST(read_text(old_path()) == "old");
    BOOST_TEST(trashed().find("template-old") == std::string::npos);
    first->lease.reset();
    BOOST_TEST(trashed().find("template-old") == std::string::npos);
    second->lease.reset();
    BOOST_TEST(trashed().find("template-old") != std::string::npos);
    BOOST_TEST(read_text(templates / "next/tree/text") == "new");
}

BOOST_AUTO_TEST_CASE(one_is_removed_and_what_a_crash_left_is_found) {
    make_tree();
    BOOST_REQUIRE(place("shop").has_value());
    BOOST_TEST((shelf.remove("other").error().code == errc::template_not_found));
    BOOST_TEST((shelf.remove("../shop").error().code == errc::template_not_found));
    BOOST_TEST(shelf.remove("shop").has_value());
    BOOST_TEST(names_in(templates).empty());
    make_tree();
    fs::create_directories(templates / ".old-1-2/tree");
    fs::create_directories(templates / ".making-not an id");
    BOOST_TEST((shelf.unfinished() == std::vector<std::string>{id}));
    BOOST_TEST(!fs::exists(templates / ".old-1-2"));
}

BOOST_AUTO_TEST_CASE(the_json_and_back) {
    template_facts facts;
    facts.source = "/home/ada/a project";
    facts.made_at = 1769869800123;
    facts.node = "v20.9.0";
    facts.package_manager = "npm 11.0.0";
    facts.commit = "3f1c";
    facts.entries = 23769;
    facts.bytes = 502267904;
    BOOST_TEST((parse_template(format_template(facts)) == facts));
    for (auto text :
         {"", "[]", R"({"version": 2, "source": "x"})", R"({"version": 1, "source": 5})",
          R"({"version": 1, "source": "x", "madeAt": "yesterday", "entries": 1, "bytes": 1})",
          R"({"version": 1, "source": "x", "madeAt": "2026-01-31T14:30:00.000Z", "entries": -1, "bytes": 1})"})
        BOOST_TEST(!parse_template(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
