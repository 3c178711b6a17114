// A disk that is full, and the room that Berth has kept back for then.
#include "fake_file_system.hpp"

#include "store/durable_write.hpp"
#include "store/reserve.hpp"

#include <boost/test/unit_test.hpp>

using namespace berth;
using namespace berth::test;

namespace {

constexpr std::size_t whole = reserve::parts * reserve::part_size;

struct reserve_world {
    fake_file_system files;
    reserve room{files, "/r/.berth"};
    int notes = 0;

    /// What must be written to free the disk: 4,000 bytes that stay.
    result<> note() {
        return durable_write(files, "/r/.berth/journal/" + std::to_string(notes++) + ".json", std::string(4'000, 'n'));
    }
    result<> note_with_reserve() {
        return room.spend_on([&] { return note(); });
    }
    /// Somebody else takes all that is left.
    void fill() {
        files.put("/r/created-apps/log",
                  files.text("/r/created-apps/log").value_or("") + std::string(files.free_bytes(), 'x'));
    }
    std::vector<std::string> parts() const {
        auto all = files.paths();
        std::erase_if(all, [](auto& path) { return path.find("/reserve.") == path.npos; });
        return all;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reserve_suite, reserve_world)

BOOST_AUTO_TEST_CASE(a_full_disk_still_takes_what_frees_it) {
    files.hold(2 * whole);
    room.refill();
    BOOST_TEST(files.free_bytes() == whole);
    fill();
    auto refused = note();
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().detail.find("No space left on device") != std::string::npos);
    auto taken = note_with_reserve();
    BOOST_TEST(taken.has_value());
    BOOST_TEST(parts().size() == reserve::parts - 1u);
}

BOOST_AUTO_TEST_CASE(what_a_note_did_not_need_is_kept_for_the_next_one) {
    files.hold(2 * whole);
    room.refill();
    for (int i = 0; i < reserve::parts; ++i) {
        fill();
        BOOST_TEST(note_with_reserve().has_value(), "note " << i);
    }
    fill();
    auto refused = note_with_reserve();
    BOOST_TEST(refused.has_error());
    BOOST_TEST(parts().empty());
}

BOOST_AUTO_TEST_CASE(it_is_whole_again_when_there_is_room_again) {
    files.hold(2 * whole);
    room.refill();
    fill();
    BOOST_TEST(note_with_reserve().has_value());
    BOOST_TEST(files.unlink("/r/created-apps/log").has_value());
    BOOST_TEST(note_with_reserve().has_value());
    BOOST_TEST(parts().size() == reserve::parts + 0u);
    for (auto& part : parts())
        BOOST_TEST(files.text(part)->size() == reserve::part_size);
}

BOOST_AUTO_TEST_CASE(no_part_is_left_half_written) {
    files.hold(reserve::part_size * 5 / 2);
    room.refill();
    BOOST_TEST(parts().size() == 2u);
    BOOST_TEST(files.free_bytes() == reserve::part_size / 2);
}

BOOST_AUTO_TEST_CASE(the_parts_of_an_earlier_server_serve_again) {
    room.refill();
    files.put("/r/.berth/reserve.3", "cut short by a crash");
    auto first = files.look("/r/.berth/reserve.1");
    reserve next(files, "/r/.berth");
    next.refill();
    BOOST_TEST(parts().size() == reserve::parts + 0u);
    BOOST_TEST(files.text("/r/.berth/reserve.3")->size() == reserve::part_size);
    BOOST_TEST((files.look("/r/.berth/reserve.1").value() == first.value()));
}

BOOST_AUTO_TEST_CASE(only_what_storage_failed_is_tried_again) {
    room.refill();
    int tries = 0;
    auto refuse = [&](errc code) {
        return room.spend_on([&]() -> result<> {
            ++tries;
            return error{code, "no"};
        });
    };
    BOOST_TEST(refuse(errc::manifest_changed).has_error());
    BOOST_TEST(tries == 1);
    BOOST_TEST(refuse(errc::storage_failed).has_error());
    BOOST_TEST(tries == 3);
    BOOST_TEST(parts().size() == reserve::parts + 0u);
}

BOOST_AUTO_TEST_SUITE_END()
