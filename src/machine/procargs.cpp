#include "machine/procargs.hpp"

#include <algorithm>
#include <cstring>

namespace berth {
namespace {

void skip_word(std::string_view& text) {
    auto end = text.find('\0');
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
}

} // namespace

std::string_view variables_in(std::string_view procargs) {
    int arguments = 0;
    if (procargs.size() < sizeof arguments)
        return {};
    std::memcpy(&arguments, procargs.data(), sizeof arguments);
    procargs.remove_prefix(sizeof arguments);
    skip_word(procargs);
    procargs.remove_prefix(std::min(procargs.size(), procargs.find_first_not_of('\0')));
    for (; arguments > 0 && !procargs.empty(); --arguments)
        skip_word(procargs);
    std::size_t end = 0;
    while (end < procargs.size() && procargs[end] != '\0') {
        auto stop = procargs.find('\0', end);
        if (stop == procargs.npos)
            break; // cut off
        end = stop + 1;
    }
    return procargs.substr(0, end);
}

} // namespace berth
