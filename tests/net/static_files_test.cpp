#include "net/http/static_files.hpp"

#include "net/http/negotiation.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <fstream>

using namespace berth::net;

namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone at the end.
class folder {
public:
    folder() {
        std::string pattern = (fs::temp_directory_path() / "berth-net-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~folder() { fs::remove_all(path_); }
    void write(const std::string& name, const std::string& text) {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

const std::string* field(const reply& r, std::string_view name) {
    for (auto& [key, value] : r.fields)
        if (key == name)
            return &value;
    return nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(static_file_table)

BOOST_AUTO_TEST_CASE(encodings) {
    struct {
        std::string_view header;
        bool br, gz;
        encoding expected;
    } rows[] = {
        {"", true, true, encoding::identity},
        {"gzip, deflate, br, zstd", true, true, encoding::brotli},
        {"gzip, deflate, br", false, true, encoding::gzip},
        {"gzip, deflate, br", false, false, encoding::identity},
        {"gzip", true, true, encoding::gzip},
        {"GZIP", true, true, encoding::gzip},
        {"br;q=0.5, gzip;q=0.8", true, true, encoding::gzip},
        {"br;q=0, gzip;q=0", true, true, encoding::identity},
        {"br;q=0, *", true, true, encoding::gzip},
        {"*", true, true, encoding::brotli},
        {"*;q=0", true, true, encoding::identity},
        {"identity, br;q=0.5", true, true, encoding::identity},
        {"br;q=nonsense", true, true, encoding::identity},
        {"br;q=1.000", true, false, encoding::brotli},
        {" , ,br ; q=0.001,", true, false, encoding::brotli},
        {"brotli, xgzip", true, true, encoding::identity},
    };
    for (auto& row : rows)
        BOOST_TEST((choose_encoding(row.header, row.br, row.gz) == row.expected), row.header);
}

BOOST_AUTO_TEST_CASE(entity_tags) {
    BOOST_TEST(matches_etag("\"a\"", "\"a\""));
    BOOST_TEST(matches_etag("W/\"a\"", "\"a\""));
    BOOST_TEST(matches_etag("\"b\", \"a\"", "\"a\""));
    BOOST_TEST(matches_etag("*", "\"a\""));
    BOOST_TEST(!matches_etag("", "\"a\""));
    BOOST_TEST(!matches_etag("\"b\"", "\"a\""));
    BOOST_TEST(!matches_etag("a", "\"a\""));
}

BOOST_AUTO_TEST_CASE(hashed_names) {
    for (auto path :
         {"/assets/index-Bx3_aZ09.js", "/assets/index-a-b_cdef12.css", "/assets/inter-latin-0a1b2c3d.woff2"})
        BOOST_TEST(is_hashed(path), path);
    for (auto path : {"/index.html", "/favicon.svg", "/assets/logo.svg", "/assets/app-v2.js", "/index-0123abcd.js"})
        BOOST_TEST(!is_hashed(path), path);
}

BOOST_AUTO_TEST_CASE(serves_what_is_there_and_nothing_else) {
    folder web;
    web.write("index.html", "<!doctype html><p>page");
    web.write("index.html.br", "BR");
    web.write("index.html.gz", "GZ");
    web.write("favicon.svg", "<svg/>");
    web.write("assets/index-0123abcd.js", "script");
    web.write("assets/gone-0123abcd.js.br", "left over");
    static_files files(web.path());

    auto page = files.answer({"/", "", ""});
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.type == "text/html; charset=utf-8");
    BOOST_TEST(page.cache == "no-cache");
    BOOST_TEST(*page.body == "<!doctype html><p>page");
    BOOST_TEST(*field(page, "Vary") == "Accept-Encoding");
    BOOST_TEST(!field(page, "Content-Encoding"));
    BOOST_TEST(files.answer({"/index.html", "", ""}).body == page.body);

    auto packed = files.answer({"/", "br, gzip", ""});
    BOOST_TEST(*packed.body == "BR");
    BOOST_TEST(*field(packed, "Content-Encoding") == "br");
    BOOST_TEST(packed.type == page.type);
    BOOST_TEST(*field(packed, "ETag") != *field(page, "ETag"));

    auto same = files.answer({"/", "br", *field(packed, "ETag")});
    BOOST_TEST(same.status == 304);
    BOOST_TEST(!same.body);
    BOOST_TEST(*field(same, "ETag") == *field(packed, "ETag"));
    BOOST_TEST(files.answer({"/", "", *field(packed, "ETag")}).status == 200);

    auto script = files.answer({"/assets/index-0123abcd.js", "br", ""});
    BOOST_TEST(script.type == "text/javascript; charset=utf-8");
    BOOST_TEST(script.cache == "public, max-age=31536000, immutable");
    BOOST_TEST(*script.body == "script");
    BOOST_TEST(!field(script, "Vary"));

    for (auto path : {"/apps/abc1234567", "/apps/abc1234567/logs", "/apps/abc1234567/activity", "/logs", "/activity",
                      "/templates", "/apps/abc", "/apps/ABC1234567", "/apps/my shop/logs", "/apps/é"}) {
        auto address = files.answer({path, "", ""});
        BOOST_TEST(address.status == 200, path);
        BOOST_TEST(address.body == page.body, path);
        BOOST_TEST(address.cache == "no-cache");
        BOOST_TEST(files.answer({path, "", *field(address, "ETag")}).status == 304);
    }

    for (auto path : {"/apps", "/apps/", "/apps/abc1234567/", "/apps/abc1234567/x", "/apps/abc1234567/logs/",
                      "/apps//logs", "/apps/../etc/passwd", "/logs/", "/templates/x", "/activity.html", ""})
        BOOST_TEST(files.answer({path, "", ""}).status == 404, path);
    for (auto path : {"/nothing", "/../index.html", "/assets/../index.html", "/assets", "/assets/",
                      "/index.html.br", "//index.html", "/assets/gone-0123abcd.js", "/INDEX.HTML", "/etc/passwd"})
        BOOST_TEST(files.answer({path, "", ""}).status == 404, path);
}

BOOST_AUTO_TEST_CASE(without_a_build_the_page_says_how_to_make_one) {
    static_files files("/nowhere/at/all");
    auto page = files.answer({"/", "br", ""});
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body->find("npm run build") != std::string::npos);
    BOOST_TEST(files.answer({"/assets/index-0123abcd.js", "", ""}).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
