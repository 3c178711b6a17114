#include "store/reserve.hpp"

#include <random>

namespace berth {
namespace {

/// Not zeros: a file system that compresses would keep no room for them.
std::string noise() {
    std::minstd_rand random;
    std::string bytes(reserve::part_size, '\0');
    for (auto& b : bytes)
        b = static_cast<char>(random() >> 8);
    return bytes;
}

} // namespace

std::filesystem::path reserve::part(int number) const { return folder_ / ("reserve." + std::to_string(number)); }

void reserve::refill() {
    while (kept_ < parts && take(part(kept_ + 1)))
        ++kept_;
}

bool reserve::take(const std::filesystem::path& path) {
    if (auto facts = files_.look(path); facts && facts->size == part_size) // of an earlier server
        return true;
    (void)files_.unlink(path);
    auto file = files_.create(path);
    if (!file)
        return false;
    auto bytes = noise();
    std::string_view left = bytes;
    bool written = true;
    while (!left.empty() && written) {
        auto n = files_.write(*file, left);
        written = n && *n > 0;
        if (written)
            left.remove_prefix(*n);
    }
    written = files_.close(*file) && written;
    if (!written)
        (void)files_.unlink(path);
    return written;
}

bool reserve::give_back() {
    bool given = false;
    for (; kept_ > 0; --kept_)
        given = files_.unlink(part(kept_)) || given;
    return given;
}

} // namespace berth
