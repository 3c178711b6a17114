#include "temp_root.hpp"

#include "store/package_name.hpp"
#include "store/root_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>

using namespace berth;
using namespace berth::test;

BOOST_AUTO_TEST_SUITE(package_names)

BOOST_AUTO_TEST_CASE(the_name_alone_is_written_anew) {
    const std::pair<const char*, const char*> rows[] = {
        {R"({"name":"old"})", R"({"name":"id"})"},
        {"\xef\xbb\xbf{ \"name\" : \"o\\\"ld\" }\r\n", "\xef\xbb\xbf{ \"name\" : \"id\" }\r\n"},
        {"{\n\t\"version\": \"1.0.0\",\n\t\"name\": \"old\"\n}\n",
         "{\n\t\"version\": \"1.0.0\",\n\t\"name\": \"id\"\n}\n"},
        {R"({"scripts":{"name":"a"},"bin":[{"name":"b"}],"n":-1.5e3,"t":true,"name":"old","author":{"name":"c"}})",
         R"({"scripts":{"name":"a"},"bin":[{"name":"b"}],"n":-1.5e3,"t":true,"name":"id","author":{"name":"c"}})"},
        {R"({"name":"old","packages":{"":{"name":"old","dependencies":{"name":"1"}},"node_modules/x":{"name":"x"}}})",
         R"({"name":"id","packages":{"":{"name":"id","dependencies":{"name":"1"}},"node_modules/x":{"name":"x"}}})"},
        {R"({"packages": {"": {"name": "old"}}, "e": [], "o": {}})",
         R"({"packages": {"": {"name": "id"}}, "e": [], "o": {}})"},
    };
    for (auto& [before, after] : rows)
        BOOST_TEST(with_package_name(before, "id").value_or("none") == after);
}

BOOST_AUTO_TEST_CASE(a_text_without_a_name_stays) {
    for (auto text :
         {"", "{", "[]", "{}", R"({"name": 5})", R"({"name": null})", R"({"a": {"name": "x"}})",
          R"({"packages": {"a": {"name": "x"}}})", R"({"packages": []})", "\"name\"", R"({"name":"x"} tail)"})
        BOOST_TEST(!with_package_name(text, "id"), text);
}

BOOST_AUTO_TEST_CASE(a_link_is_not_written_through) {
    temp_folder folder;
    fs::create_directory(folder.path() / "app");
    write_text(folder.path() / "precious.json", R"({"name": "precious"})");
    fs::create_symlink("../precious.json", folder.path() / "app/package.json");
    write_text(folder.path() / "app/package-lock.json",
               R"({"name": "a longer name", "packages": {"": {"name": "b"}}})");
    auto open = open_folder(AT_FDCWD, (folder.path() / "app").c_str());
    BOOST_TEST(name_package(open.get(), "id").has_value());
    BOOST_TEST(read_text(folder.path() / "precious.json") == R"({"name": "precious"})");
    BOOST_TEST(read_text(folder.path() / "app/package-lock.json") ==
               R"({"name": "id", "packages": {"": {"name": "id"}}})");
}

BOOST_AUTO_TEST_SUITE_END()
