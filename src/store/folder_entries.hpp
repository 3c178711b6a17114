// What a folder holds, read all at once: a descriptor less for each level of a walk, and what readdir does across
// changes is not said.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace berth {

struct folder_entry {
    std::string name;   // never "." or ".."
    unsigned char kind; // DT_*; DT_UNKNOWN where the file system does not say
};

/// Of an open folder, from its beginning. Fails with errno.
std::optional<std::vector<folder_entry>> entries_of(int folder);

} // namespace berth
