// Which name gives which address, and what becomes of it when names change.
#include "core/slugs.hpp"

#include "core/registry.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

namespace {

manifest_entry entry(std::string key, std::string name, std::string created_at = "2026-01-31T14:30:00.000Z") {
    manifest_entry e;
    e.app.id = std::move(key);
    e.app.name = std::move(name);
    e.app.created_at = std::move(created_at);
    return e;
}

std::string joined(const std::vector<std::string>& all) {
    std::string text;
    for (auto& each : all)
        text += (text.empty() ? "" : " ") + each;
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(slugs)

BOOST_AUTO_TEST_CASE(words_of_names) {
    for (auto [name, words] : {std::pair{"shop", "shop"},
                               {"My Shop!", "my-shop"},
                               {"  a -- b  ", "a-b"},
                               {"Über Straße", "uber-strasse"},
                               {"U\u0308ber", "uber"},
                               {"Ærøskøbing", "r-sk-bing"}, // letters of their own, not marks
                               {"ﬁne １２", "fine-12"},
                               {"xn--80ak6aa92e", "xn-80ak6aa92e"},
                               {"a.b.c", "a-b-c"},
                               {"日本 2", "2"},
                               {"日本語", ""},
                               {"👩‍💻", ""},
                               {"---", ""},
                               {"<img src=x>", "img-src-x"},
                               {"\xff", ""}})
        BOOST_TEST(slug_words(name) == words, name);
    auto longest = slug_words("a" + std::string(61, ' ') + "b" + std::string(64, 'c'));
    BOOST_TEST(longest == "a-b" + std::string(60, 'c'));
    BOOST_TEST(slug_words(std::string(62, 'a') + " b") == std::string(62, 'a')); // no '-' at its end
    for (auto name : {"shop", "My Shop!", "a -- b", "ﬁne １２"})
        BOOST_TEST(is_slug(slug_words(name)));
}

BOOST_AUTO_TEST_CASE(what_a_slug_is) {
    for (auto good : {"a", "0", "a-b", "a--b"})
        BOOST_TEST(is_slug(good), good);
    for (auto bad : {"", "-a", "a-", "A", "a.b", "a b", "a_b", "ä"})
        BOOST_TEST(!is_slug(bad), bad);
    BOOST_TEST(is_slug(std::string(63, 'a')));
    BOOST_TEST(!is_slug(std::string(64, 'a')));
}

BOOST_AUTO_TEST_CASE(no_two_apps_have_one) {
    manifest m;
    m.apps["aaaaaaaaaa"] = entry("aaaaaaaaaa", "My Shop", "2026-01-03");
    m.apps["bbbbbbbbbb"] = entry("bbbbbbbbbb", "my-shop", "2026-01-01");
    m.apps["cccccccccc"] = entry("cccccccccc", "MY: shop", "2026-01-02");
    m.apps["dddddddddd"] = entry("dddddddddd", "日本語");
    m.apps["eeeeeeeeee"] = entry("eeeeeeeeee", "API");
    m.apps["ffffffffff"] = entry("ffffffffff", "my shop 2");
    settle_slugs(m);
    auto slug = [&](const char* key) { return m.apps.at(key).app.slug; };
    BOOST_TEST(slug("bbbbbbbbbb") == "my-shop"); // the oldest
    BOOST_TEST(slug("cccccccccc") == "my-shop-2");
    BOOST_TEST(slug("aaaaaaaaaa") == "my-shop-3");
    BOOST_TEST(slug("dddddddddd") == "dddddddddd");
    BOOST_TEST(slug("eeeeeeeeee") == "api-2"); // Berth's own word
    BOOST_TEST(slug("ffffffffff") == "my-shop-2-2");
    auto once = m;
    settle_slugs(m);
    BOOST_TEST((m == once));
    m.apps.erase("bbbbbbbbbb"); // nobody moves because another went
    settle_slugs(m);
    BOOST_TEST(slug("cccccccccc") == "my-shop-2");
    BOOST_TEST(slug("aaaaaaaaaa") == "my-shop-3");
}

BOOST_AUTO_TEST_CASE(a_number_fits_under_the_longest_name_too) {
    manifest m;
    m.apps["aaaaaaaaaa"] = entry("aaaaaaaaaa", std::string(64, 'x'), "1");
    m.apps["bbbbbbbbbb"] = entry("bbbbbbbbbb", std::string(63, 'x') + "!", "2");
    settle_slugs(m);
    BOOST_TEST(m.apps["aaaaaaaaaa"].app.slug == std::string(63, 'x'));
    BOOST_TEST(m.apps["bbbbbbbbbb"].app.slug == std::string(61, 'x') + "-2");
    auto once = m;
    settle_slugs(m);
    BOOST_TEST((m == once));
}

BOOST_AUTO_TEST_CASE(a_slug_is_kept_until_the_name_changes) {
    registry r;
    r.insert(entry("aaaaaaaaaa", "Shop", "1"));
    r.insert(entry("bbbbbbbbbb", "shop!", "2"));
    auto of = [&](const char* key) -> const app& { return *r.find(key); };
    BOOST_TEST(of("bbbbbbbbbb").slug == "shop-2");
    r.edit("bbbbbbbbbb", [](app& a) { a.name = "SHOP?"; }); // another name of the same words
    BOOST_TEST(of("bbbbbbbbbb").slug == "shop-2");
    BOOST_TEST(of("bbbbbbbbbb").former_slugs.empty());
    r.edit("aaaaaaaaaa", [](app& a) { a.name = "Store"; });
    BOOST_TEST(of("aaaaaaaaaa").slug == "store");
    BOOST_TEST(joined(of("aaaaaaaaaa").former_slugs) == "shop");
    BOOST_TEST(of("bbbbbbbbbb").slug == "shop-2"); // free or not, it does not move
    r.edit("aaaaaaaaaa", [](app& a) { a.name = "Shop"; });
    BOOST_TEST(of("aaaaaaaaaa").slug == "shop"); // its own again
    BOOST_TEST(joined(of("aaaaaaaaaa").former_slugs) == "store");
}

BOOST_AUTO_TEST_CASE(a_former_slug_is_an_app_s_as_long_as_nobody_else_has_it) {
    registry r;
    r.insert(entry("aaaaaaaaaa", "first", "1"));
    r.edit("aaaaaaaaaa", [](app& a) { a.name = "second"; });
    r.edit("aaaaaaaaaa", [](app& a) { a.name = "third"; });
    r.commit();
    auto found = [&](const char* label) {
        auto view = r.view();
        auto named = find_named(*view, label);
        return (named.app ? named.app->app.id : "nobody") + (named.by_former ? " formerly" : "");
    };
    BOOST_TEST(found("third") == "aaaaaaaaaa");
    BOOST_TEST(found("THIRD") == "aaaaaaaaaa");
    BOOST_TEST(found("first") == "aaaaaaaaaa formerly");
    BOOST_TEST(found("second") == "aaaaaaaaaa formerly");
    BOOST_TEST(found("fourth") == "nobody");
    r.insert(entry("bbbbbbbbbb", "first", "2"));
    r.commit();
    BOOST_TEST(found("first") == "bbbbbbbbbb");
    r.erase("bbbbbbbbbb");
    r.commit();
    BOOST_TEST(found("first") == "nobody");
    BOOST_TEST(found("second") == "aaaaaaaaaa formerly");
    for (int i = 0; i < 20; ++i)
        r.edit("aaaaaaaaaa", [&](app& a) { a.name = "n" + std::to_string(i); });
    BOOST_TEST(r.find("aaaaaaaaaa")->former_slugs.size() == max_former_slugs);
    BOOST_TEST(r.find("aaaaaaaaaa")->former_slugs.back() == "n18");
}

BOOST_AUTO_TEST_CASE(they_are_in_the_manifest_and_a_hand_cannot_break_them) {
    registry r;
    r.insert(entry("aaaaaaaaaa", "first", "1"));
    r.edit("aaaaaaaaaa", [](app& a) {
        a.name = "second";
        a.port = 3100;
    });
    auto again = parse_manifest(format_manifest(r.value()));
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((*again == r.value()));
    auto edited = *again;
    edited.apps["aaaaaaaaaa"].app.name = "by hand";
    edited.apps["bbbbbbbbbb"] = entry("bbbbbbbbbb", "second", "2");
    edited.apps["bbbbbbbbbb"].app.slug = "by-hand"; // not what its name says
    r.adopt(edited, *again);
    BOOST_TEST(r.find("aaaaaaaaaa")->slug == "by-hand");
    BOOST_TEST(joined(r.find("aaaaaaaaaa")->former_slugs) == "first");
    BOOST_TEST(r.find("bbbbbbbbbb")->slug == "second");
    auto odd = parse_manifest(R"({"apps":{"aaaaaaaaaa":{"id":"aaaaaaaaaa","name":"x","port":3100,"createdAt":"1",
        "slug":{"a":1},"formerSlugs":["ok","../../etc","A",7,null]}}})");
    BOOST_REQUIRE(odd.has_value());
    BOOST_TEST(odd->apps["aaaaaaaaaa"].app.slug == "");
    BOOST_TEST(joined(odd->apps["aaaaaaaaaa"].app.former_slugs) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
