#include "store/folder_entries.hpp"

#include "core/uninterrupted.hpp"
#include "core/unique_fd.hpp"

#include <cerrno>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>

namespace berth {

std::optional<std::vector<folder_entry>> entries_of(int folder) {
    unique_fd own(uninterrupted([&] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    std::unique_ptr<DIR, int (*)(DIR*)> listing(own ? ::fdopendir(own.get()) : nullptr, ::closedir);
    if (!listing)
        return {};
    own.release(); // closedir's now
    std::vector<folder_entry> found;
    errno = 0;
    while (auto* each = ::readdir(listing.get())) {
        std::string_view name = each->d_name;
        if (name != "." && name != "..")
            found.push_back({std::string(name), each->d_type});
        errno = 0;
    }
    if (errno != 0)
        return {};
    return found;
}

} // namespace berth
