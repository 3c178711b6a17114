#include "next/saved_source.hpp"

#include "core/output_text.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace berth {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t longest_source = std::uintmax_t{1} << 20; // bytes

std::string_view without_end(std::string_view text) {
    auto last = text.find_last_not_of(" \t\r");
    return last == text.npos ? std::string_view() : text.substr(0, last + 1);
}

/// What the frame says stands in that line: of ">  9 | <p>" the "<p>".
std::optional<std::string_view> pointed_at(std::string_view frame, int line) {
    auto skip = [](std::string_view& row, std::string_view what) {
        row.remove_prefix(std::min(row.size(), row.find_first_not_of(' ')));
        bool is_there = row.starts_with(what);
        if (is_there)
            row.remove_prefix(what.size());
        return is_there;
    };
    auto number = std::to_string(line);
    while (!frame.empty()) {
        auto row = frame.substr(0, frame.find('\n'));
        frame.remove_prefix(std::min(frame.size(), row.size() + 1));
        if (skip(row, ">") && skip(row, number) && skip(row, "|"))
            return without_end(row.substr(row.starts_with(' ') ? 1 : 0));
    }
    return {};
}

bool was_saved_just_now(const fs::path& file) {
    std::error_code failed;
    auto saved = fs::last_write_time(file, failed);
    return !failed && fs::file_time_type::clock::now() - saved < hears_within;
}

} // namespace

bool is_of_saved_source(const page_issue& told, const fs::path& directory) {
    if (!told.file || !told.line || !told.frame)
        return true;
    auto file = directory / *told.file;
    auto shown = pointed_at(*told.frame, *told.line);
    std::error_code failed;
    if (!shown || !was_saved_just_now(file) || !fs::is_regular_file(file, failed) ||
        fs::file_size(file, failed) > longest_source || failed)
        return true;
    std::ifstream in(file);
    std::string text;
    for (int i = 0; i < *told.line; ++i)
        if (!std::getline(in, text))
            return false; // it has become shorter
    auto plain = plain_line(text, text.size());
    return without_end(plain) == *shown;
}

} // namespace berth
