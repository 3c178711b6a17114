#include "core/names.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(ids) {
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(is_id(new_id()));
    for (auto wrong : {"", "abc", "ABCDEFGHIJ", "../../etc/", "abcdefghi/", "abcdefghij1", "abcdefghi-"})
        BOOST_TEST(!is_id(wrong));
}

BOOST_AUTO_TEST_CASE(names_are_compared_by_case_folding_of_nfc) {
    for (auto [a, b] : {std::pair{"Demo", "dEMO"},
                        {"Über", "über"},
                        {"U\u0308ber", "über"},
                        {"ΣΊΣΥΦΟΣ", "σίσυφος"},
                        {"Straße", "STRASSE"},
                        {"ЖУК", "жук"}})
        BOOST_TEST(name_key(a) == name_key(b), a << " and " << b);
    for (auto [a, b] : {std::pair{"über", "uber"}, {"a b", "a-b"}, {"１", "1"}, {"日本", "日本語"}})
        BOOST_TEST(name_key(a) != name_key(b), a << " and " << b);
    BOOST_TEST(name_key("A\xff") == "a\xff"); // no name, but no crash either
}

BOOST_AUTO_TEST_CASE(good_names) {
    for (auto [given, kept] : {std::pair{"demo", "demo"},
                               {"  my app\t", "my app"},
                               {"<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"},
                               {"日本語", "日本語"},
                               {"👩‍💻", "👩‍💻"},
                               {"$(rm -rf ~)", "$(rm -rf ~)"}})
        BOOST_TEST(check_name(given, "name").value() == kept);
    BOOST_TEST(check_name(std::string(64, 'x'), "name").has_value());
}

BOOST_AUTO_TEST_CASE(bad_names) {
    for (auto given :
         {"", "   ", "a\nb", "a\x1b[31mb", "\xff", "a\xc3", "\xed\xa0\x80", "a\u202Eb", "a\u200Bb", "\u2003"})
        BOOST_TEST(check_name(given, "name").has_error());
    auto long_one = check_name(std::string(65, 'x'), "name");
    BOOST_TEST(long_one.has_error());
    BOOST_TEST(long_one.error().detail.find("65") != std::string::npos);
    BOOST_TEST(check_name(std::string("a\0b", 3), "name").has_error());
}

BOOST_AUTO_TEST_CASE(generated_names_are_free) {
    std::set<std::string> taken;
    for (int i = 0; i < 3000; ++i) // more than there are pairs of words
        BOOST_TEST_REQUIRE(taken.insert(name_key(generate_name(taken))).second);
}

BOOST_AUTO_TEST_CASE(utf8) {
    BOOST_TEST(is_utf8("aé日👩"));
    BOOST_TEST(!is_utf8("\xc0\x80"));
    BOOST_TEST(to_utf8("a\xff"
                       "b") == "a\uFFFD"
                               "b");
    BOOST_TEST(to_utf8("\xe6\x97") == "\uFFFD");                 // a truncated character is one piece
    BOOST_TEST(to_utf8("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD"); // a surrogate is three
    BOOST_TEST(to_utf8("\xf0\x9f\x91x") == "\uFFFDx");
    for (std::size_t before = 0; before < 20; ++before) // runs of ASCII are taken eight bytes at a time
        for (std::size_t after = 0; after < 20; ++after) {
            auto with = [&](const char* middle) { return std::string(before, 'a') + middle + std::string(after, 'b'); };
            BOOST_TEST(to_utf8(with("é")) == with("é"));
            BOOST_TEST(to_utf8(with("\xff")) == with("\uFFFD"));
        }
}

BOOST_AUTO_TEST_CASE(words_of_others_are_printable) {
    BOOST_TEST(printable_text("plain words, d\u00e9j\u00e0 \U0001F469\u200D\U0001F4BB") ==
               "plain words, d\u00e9j\u00e0 \U0001F469\u200D\U0001F4BB");
    BOOST_TEST(printable_text("\x1b[2J\x07 a\u009b\u202eb\u2066\u200bc\x7f\n") == "[2J abc");
    BOOST_TEST(printable_text(std::string("a\0b\xff", 4)) == "ab\uFFFD");
    BOOST_TEST(printable_text("") == "");
}

BOOST_AUTO_TEST_CASE(what_was_sent_made_fit_for_a_sentence) {
    BOOST_TEST(printable("a b é") == "a b é");
    BOOST_TEST(printable("a\nb\x7f\xff") == "a\uFFFDb\uFFFD\uFFFD");
    BOOST_TEST(printable("\u009b2J") == "\uFFFD2J"); // a terminal takes it for ESC [
    BOOST_TEST(printable(std::string(80, 'a')) == std::string(80, 'a'));
    BOOST_TEST(printable(std::string(81, 'a')) == std::string(80, 'a') + "…");
    BOOST_TEST(printable(std::string(79, 'a') + "é") == std::string(79, 'a') + "…"); // never within a character
    BOOST_TEST(in_quotes("x") == "\"x\"");
}

BOOST_AUTO_TEST_SUITE_END()
