#include "temp_root.hpp"

#include "store/log_rotation.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <array>
#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

using namespace berth;
using namespace berth::test;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct rotation_world {
    temp_folder folder;
    fs::path root = folder.path();
    fs::path file = root / "logs/orch-abc1234567-out.log";
    fs::path archive = root / "logs/orch-abc1234567-out.log.1";
    log_rotation logs{root};
    std::ofstream writer; // as pm2's: open for append, all the time

    rotation_world() {
        fs::create_directory(root / "logs");
        writer.open(file, std::ios::app | std::ios::binary);
    }
    void write(const std::string& text) { writer << text << std::flush; }
    bool rotate(std::uint64_t limit) {
        auto done = logs.rotate(id, log_stream::out, limit);
        BOOST_REQUIRE_MESSAGE(done.has_value(), done.error().detail);
        return *done;
    }
    log_piece read(std::uint64_t known, std::uint64_t from, std::size_t max = 4096) {
        auto piece = logs.read(id, log_stream::out, known, from, max);
        BOOST_REQUIRE_MESSAGE(piece.has_value(), piece.error().detail);
        return *piece;
    }
};

std::string text_of(std::size_t bytes) {
    std::string text;
    for (int i = 0; text.size() < bytes; ++i)
        text += "line é" + std::to_string(i) + "\n";
    return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(log_rotation_suite, rotation_world)

BOOST_AUTO_TEST_CASE(what_may_be_cut_off) {
    const std::string text = "0123\x80"
                             "56789";
    auto at = [&](std::uint64_t i) { return text[i]; };
    auto text_only = [](std::uint64_t) { return 'x'; };
    const std::array<std::uint64_t, 3> rows[] = {{0, 4, 0},  {3, 0, 0}, {4, 4, 0}, {5, 4, 4},
                                                 {10, 4, 8}, {8, 2, 6}, {9, 2, 8}};
    for (auto [size, block, cut] : rows)
        BOOST_TEST(whole_blocks(size, block, text_only) == cut, size << " bytes in blocks of " << block);
    // Not within a character: one block less.
    BOOST_TEST(whole_blocks(6, 1, at) == 5u);
    BOOST_TEST(whole_blocks(5, 2, at) == 2u);
    BOOST_TEST(whole_blocks(1'000'000, 4096, [](std::uint64_t) { return '\x80'; }) == 999'424u);
}

BOOST_AUTO_TEST_CASE(short_or_missing_files_stay) {
    write("short\n");
    BOOST_TEST(!rotate(100));
    BOOST_TEST(!fs::exists(archive));
    fs::remove(file);
    BOOST_TEST(!rotate(0));
}

BOOST_AUTO_TEST_CASE(the_archive_and_the_file_together_are_what_was_written) {
    auto text = text_of(300'000);
    write(text);
    BOOST_TEST(rotate(1000));
    BOOST_TEST(content(archive) + content(file) == text);
    BOOST_TEST(fs::file_size(file) < 20u * 4096);
    write("and on\n"); // through the descriptor that was open all the time
    BOOST_TEST(content(archive) + content(file) == text + "and on\n");
    BOOST_TEST(!fs::exists(archive.native() + ".new"));
}

BOOST_AUTO_TEST_CASE(a_reader_goes_on_in_the_archive_and_then_in_the_file) {
    auto text = text_of(100'000);
    write(text);
    auto old = read(0, 0).file;
    BOOST_TEST(rotate(1000));
    auto moved = fs::file_size(archive);
    auto left = read(old, moved - 10);
    BOOST_TEST(left.file == old);
    BOOST_TEST(left.size == moved);
    BOOST_TEST(left.bytes == text.substr(moved - 10, 10));
    auto next = read(old, moved);
    BOOST_TEST(next.file != old);
    BOOST_TEST(next.from == 0u);
    BOOST_TEST(next.bytes == text.substr(moved, 4096));
    if (fs::file_size(file) > 10) // where the file system cuts blocks: part of what was sent has stayed
        BOOST_TEST(read(old, moved + 10).from == 10u);
    BOOST_TEST(read(0, 0).file == next.file);
    BOOST_TEST(read(next.file, 5).from == 5u);
}

BOOST_AUTO_TEST_CASE(an_archive_that_is_read_is_kept_for_a_while) {
    write(text_of(50'000));
    auto old = read(0, 0).file;
    BOOST_TEST(rotate(10'000));
    read(old, 0);
    write(text_of(20'000));
    BOOST_TEST(!rotate(10'000));
    write(text_of(50'000));
    BOOST_TEST(rotate(10'000)); // more than four times too long
}

BOOST_AUTO_TEST_CASE(a_link_is_never_followed) {
    auto target = root / "precious";
    std::ofstream(target) << text_of(10'000);
    fs::remove(file);
    fs::create_symlink(target, file);
    BOOST_TEST(logs.rotate(id, log_stream::out, 10).has_error());
    BOOST_TEST(fs::file_size(target) >= 10'000u);
}

BOOST_AUTO_TEST_CASE(every_byte_once_while_somebody_writes) {
    std::atomic<bool> done = false;
    std::string written;
    std::thread writing([&] {
        for (int i = 0; i < 20'000; ++i) {
            auto line = "line " + std::to_string(i) + "\n";
            written += line;
            write(line);
        }
        done = true;
    });
    std::string got;
    std::uint64_t known = 0, at = 0;
    int rotations = 0;
    for (bool last = false;;) {
        auto piece = read(known, at, 65'536);
        if (known == 0 || piece.file == known || piece.from != at)
            got += piece.bytes;
        known = piece.file;
        at = piece.from + piece.bytes.size();
        if (piece.bytes.empty()) {
            if (last)
                break;
            last = done;
            rotations += rotate(16'384);
        }
    }
    writing.join();
    BOOST_TEST(rotations > 0);
    BOOST_TEST((got == written), got.size()
                                     << " of " << written.size() << " bytes after " << rotations << " rotations");
}

BOOST_AUTO_TEST_SUITE_END()
