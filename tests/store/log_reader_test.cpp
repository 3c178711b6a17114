#include "temp_root.hpp"

#include "store/log_reader.hpp"
#include "store/log_tail.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <atomic>
#include <thread>

using namespace berth;
using namespace berth::test;

namespace {

struct reader_world {
    temp_folder folder;
    fs::path root = folder.path();
    fs::path file = root / "logs/orch-abc1234567-out.log";

    reader_world() { fs::create_directory(root / "logs"); }

    std::string tail(std::size_t lines) {
        auto text = read_excerpt(root, id, log_stream::out, {.lines = lines});
        BOOST_REQUIRE_MESSAGE(text.has_value(), text.error().detail);
        return text->bytes;
    }
    log_piece read(std::uint64_t from, std::size_t max) {
        auto piece = read_piece(root, id, log_stream::out, from, max);
        BOOST_REQUIRE_MESSAGE(piece.has_value(), piece.error().detail);
        return *piece;
    }
};

std::string numbered_lines(int first, int last) {
    std::string text;
    for (int i = first; i <= last; ++i)
        text += "line " + std::to_string(i) + "\n";
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(last_lines_suite)

BOOST_AUTO_TEST_CASE(where_they_begin) {
    struct row {
        std::string_view text;
        std::size_t lines;
        std::string_view expected;
    };
    const row rows[] = {
        {"", 0, ""},
        {"", 1, ""},
        {"a", 1, "a"},
        {"a\n", 1, "a\n"},
        {"a\nb", 1, "b"},
        {"a\nb\n", 1, "b\n"},
        {"a\nb\n", 2, "a\nb\n"},
        {"a\nb\n", 9, "a\nb\n"},
        {"a\nb\n", 0, ""},
        {"\n", 1, "\n"},
        {"\n\n", 1, "\n"},
        {"\n\n\n", 2, "\n\n"},
        {"a\n\nb", 2, "\nb"},
        {"a\r\nb\r\n", 1, "b\r\n"},
    };
    for (auto& r : rows)
        BOOST_TEST(r.text.substr(last_lines(r.text, r.lines)) == r.expected, r.text << " " << r.lines);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(log_reader_suite, reader_world)

BOOST_AUTO_TEST_CASE(no_file_is_an_empty_text) {
    BOOST_TEST(tail(10) == "");
    auto piece = read(7, 100);
    BOOST_TEST(piece.file == 0u);
    BOOST_TEST(piece.size == 0u);
    BOOST_TEST(piece.from == 7u);
    BOOST_TEST(piece.bytes == "");
    fs::remove(root / "logs");
    BOOST_TEST(tail(10) == "");
    BOOST_TEST(read(0, 100).file == 0u);
}

BOOST_AUTO_TEST_CASE(the_streams_are_two_files) {
    write_text(file, "out\n");
    write_text(root / "logs/orch-abc1234567-error.log", "error\n");
    BOOST_TEST(tail(10) == "out\n");
    BOOST_TEST(read_excerpt(root, id, log_stream::error, {}).value().bytes == "error\n");
    BOOST_TEST(read(0, 10).file != read_piece(root, id, log_stream::error, 0, 10)->file);
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_there) {
    write_text(file, "");
    BOOST_TEST(tail(10) == "");
    BOOST_TEST(read(0, 100).file != 0u);
}

BOOST_AUTO_TEST_CASE(the_last_lines_across_blocks) {
    write_text(file, numbered_lines(1, 50'000));
    BOOST_TEST(tail(1) == "line 50000\n");
    BOOST_TEST(tail(3) == numbered_lines(49'998, 50'000));
    BOOST_TEST(tail(9'000) == numbered_lines(41'001, 50'000)); // more than the first block holds
    BOOST_TEST(tail(1'000'000) == numbered_lines(40'001, 50'000));
}

BOOST_AUTO_TEST_CASE(at_most_a_mebibyte_and_only_whole_lines) {
    std::string line(1023, 'x');
    std::string text;
    for (int i = 0; i < 3000; ++i)
        text += line + "\n";
    write_text(file, text + "the last, unfinished");
    auto last = tail(10'000);
    BOOST_TEST(last.size() <= max_tail_bytes);
    BOOST_TEST(last.size() > max_tail_bytes - 2048);
    BOOST_TEST(last.starts_with(line + "\n"));
    BOOST_TEST(last.ends_with("\nthe last, unfinished"));
}

BOOST_AUTO_TEST_CASE(one_huge_line_is_cut_at_a_character) {
    std::string text = "x"; // so that the cut falls inside a character
    while (text.size() < max_tail_bytes + 100'000)
        text += "\xe2\x9c\x93";
    write_text(file, text);
    auto last = tail(5);
    BOOST_TEST(last.size() > max_tail_bytes - 4);
    BOOST_TEST(last.starts_with("\xe2\x9c\x93"));

    write_text(file, text + "\n");
    BOOST_TEST(tail(1).starts_with("\xe2\x9c\x93"));
    BOOST_TEST(tail(1).ends_with("\xe2\x9c\x93\n"));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_kept) {
    const std::string odd("\xff\xfe\x80 \0 \xc3\r\n\xe2\x9c", 12);
    write_text(file, "before\n" + odd);
    BOOST_TEST(tail(2) == odd);
    BOOST_TEST(read(7, 100).bytes == odd);
}

BOOST_AUTO_TEST_CASE(a_sparse_file_of_2_gib_costs_no_more_than_its_end) {
    write_text(file, "");
    fs::resize_file(file, std::uint64_t{2} << 30);
    BOOST_TEST(tail(10).size() <= max_tail_bytes);
    write_text(root / "end", "");
    {
        std::ofstream out(file, std::ios::app | std::ios::binary);
        out << "\nlast line\n";
    }
    BOOST_TEST(tail(1) == "last line\n");
    auto size = (std::uint64_t{2} << 30) + 11;
    auto piece = read(size - 10, 1000);
    BOOST_TEST(piece.size == size);
    BOOST_TEST(piece.bytes == "last line\n");
}

BOOST_AUTO_TEST_CASE(reads_pieces) {
    write_text(file, "0123456789");
    auto piece = read(2, 3);
    BOOST_TEST(piece.bytes == "234");
    BOOST_TEST(piece.from == 2u);
    BOOST_TEST(piece.size == 10u);
    BOOST_TEST(read(8, 100).bytes == "89");
    BOOST_TEST(read(10, 100).bytes == "");
    auto beyond = read(std::uint64_t{1} << 63, 100);
    BOOST_TEST(beyond.bytes == "");
    BOOST_TEST(beyond.from == std::uint64_t{1} << 63);
    BOOST_TEST(beyond.size == 10u);
    auto nothing = read(0, 0);
    BOOST_TEST(nothing.bytes == "");
    BOOST_TEST(nothing.size == 10u);
    BOOST_TEST(nothing.file == piece.file);

    write_text(file, std::string(max_read_bytes + 10, 'x'));
    BOOST_TEST(read(0, std::size_t(-1)).bytes.size() == max_read_bytes);
}

BOOST_AUTO_TEST_CASE(truncation_and_rotation_can_be_told) {
    write_text(file, "0123456789");
    auto before = read(0, 100);
    write_text(file, "01"); // truncated in place
    auto truncated = read(10, 100);
    BOOST_TEST(truncated.file == before.file);
    BOOST_TEST(truncated.size == 2u);
    BOOST_TEST(truncated.bytes == "");
    fs::rename(file, root / "logs/rotated");
    write_text(file, "0123456789");
    BOOST_TEST(read(0, 100).file != before.file);
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_and_grows_while_it_is_read) {
    const std::string all = numbered_lines(1, 20'000);
    write_text(file, all);
    std::atomic<bool> done = false;
    std::thread writer([&] {
        while (!done) {
            fs::resize_file(file, 0);
            std::ofstream out(file, std::ios::app | std::ios::binary);
            out << all;
        }
    });
    std::size_t wrong = 0;
    for (int i = 0; i < 300; ++i) {
        auto piece = read_piece(root, id, log_stream::out, 1000, 100'000);
        if (!piece || (!piece->bytes.empty() && all.compare(1000, piece->bytes.size(), piece->bytes) != 0) ||
            (!piece->bytes.empty() && piece->from + piece->bytes.size() > piece->size))
            ++wrong;
        auto text = read_excerpt(root, id, log_stream::out, {.lines = 8'000});
        if (!text || text->bytes.size() > max_tail_bytes || all.find(text->bytes) == std::string::npos)
            ++wrong;
    }
    done = true;
    writer.join();
    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(an_excerpt_says_where_to_go_on) {
    write_text(file, "one\ntwo\nthree\nfou");
    auto last = read_excerpt(root, id, log_stream::out, {.lines = 2}).value();
    BOOST_TEST(last.bytes == "three\nfou");
    BOOST_TEST(last.next == 17u);
    auto rest = read_excerpt(root, id, log_stream::out, {.lines = 10, .after = 4}).value();
    BOOST_TEST(rest.bytes == "two\nthree\nfou");
    BOOST_TEST(rest.next == 17u);
    auto found = read_excerpt(root, id, log_stream::out, {.lines = 10, .grep = "o"}).value();
    BOOST_TEST(found.bytes == "one\ntwo\nfou");
    auto anew = read_excerpt(root, id, log_stream::out, {.lines = 1, .after = 18}).value(); // beyond the end: another file
    BOOST_TEST(anew.bytes == "one\n");
    BOOST_TEST(anew.next == 4u);
    auto nothing = read_excerpt(root, id, log_stream::error, {.lines = 10, .after = 4, .grep = "x"}).value();
    BOOST_TEST(nothing.bytes == "");
    BOOST_TEST(nothing.next == 0u);
}

BOOST_AUTO_TEST_CASE(a_file_is_paged_through_without_loss) {
    auto all = numbered_lines(1, 200'000); // more than two blocks
    write_text(file, all);
    std::string read;
    std::uint64_t at = 0;
    for (int pages = 0; at < all.size() && pages < 100; ++pages) {
        auto page = read_excerpt(root, id, log_stream::out, {.lines = 10'000, .after = at}).value();
        read += page.bytes;
        at = page.next;
    }
    BOOST_TEST((read == all));
    auto last = read_excerpt(root, id, log_stream::out, {.lines = 2, .grep = "line 1999"}).value();
    BOOST_TEST(last.bytes == numbered_lines(199'998, 199'999));
    BOOST_TEST(last.next == all.size());
}

BOOST_AUTO_TEST_CASE(only_ids_and_only_regular_files) {
    for (std::string odd : {"", "..", "../abc", "ABC1234567", "abc12345678", "a/c1234567"}) {
        auto text = read_excerpt(root, odd, log_stream::out, {});
        BOOST_REQUIRE(text.has_error());
        BOOST_TEST((text.error().code == errc::app_not_found));
        BOOST_TEST((read_piece(root, odd, log_stream::out, 0, 10).error().code == errc::app_not_found));
    }
    auto refused = [&] {
        auto text = read_excerpt(root, id, log_stream::out, {});
        BOOST_TEST(text.has_error());
        BOOST_TEST((text.error().code == errc::storage_failed));
        BOOST_TEST(read_piece(root, id, log_stream::out, 0, 10).has_error());
    };
    write_text(root / "secret", "secret");
    fs::create_symlink("../secret", file);
    refused();
    fs::remove(file);
    BOOST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
    refused();
    fs::remove(file);
    fs::create_directory(file);
    refused();
    fs::remove(file);

    fs::rename(root / "logs", root / "elsewhere");
    write_text(root / "elsewhere/orch-abc1234567-out.log", "secret");
    fs::create_directory_symlink("elsewhere", root / "logs");
    refused();
}

BOOST_AUTO_TEST_SUITE_END()
