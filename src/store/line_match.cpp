#include "store/line_match.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

namespace berth {
namespace {

constexpr std::int64_t most_memory = 8 << 20; // bytes, of one pattern and what it becomes while it matches

} // namespace

result<line_match> line_match::make(std::string grep, bool regex) {
    line_match made;
    if (regex) {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_never_capture(true);
        options.set_max_mem(most_memory);
        auto pattern = std::make_shared<re2::RE2>(grep, options);
        if (!pattern->ok())
            return error{errc::invalid_request, fmt::format("grep: is no regular expression of RE2: {}.", pattern->error())};
        made.pattern_ = std::move(pattern);
    }
    made.text_ = std::move(grep);
    return made;
}

bool line_match::operator()(std::string_view line) const {
    if (!pattern_)
        return line.find(text_) != line.npos;
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *pattern_);
}

} // namespace berth
