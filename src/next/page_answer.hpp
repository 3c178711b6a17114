// What Next's development endpoint, POST /_next/mcp, answers (Next 16.4: dist/server/mcp), read as what Berth wants to
// know. Pure: every byte comes from outside, and is made plain or refused. And what its log tells of requests.
//
// The answer is JSON-RPC, as plain JSON or as server-sent events with it in their `data:` lines; the tool's own JSON is
// text inside of result.content[0].
#pragma once

#include "core/page_checker.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace berth {

inline constexpr std::size_t longest_title = 300;  // code points
inline constexpr std::size_t longest_frame = 4096; // bytes

/// The body of the request.
std::string question_text(page_question);

/// A file as it was told, and the app's folder.
struct told_file {
    std::string path;                  // as told, but for the workspace root's mark
    std::optional<std::string> beside; // relative to the app's folder, if the workspace root lies above it
};
/// "[project]/apps/web/src/page.tsx" in /home/ada/shop/apps/web is "apps/web/src/page.tsx", and beside that
/// "src/page.tsx": which of them is meant, only the disk knows, as a folder may have one of its own name inside.
told_file read_path(std::string_view told, const std::filesystem::path& directory);

/// An answer; the file of its first issue is told_file.path, and may be `beside` instead.
struct read_answer {
    page_answer answer;
    std::optional<std::string> beside;
};
/// What an HTTP answer says; for another status than 200, an empty body will do.
read_answer parse_answer(int status, std::string_view content_type, std::string_view body, page_question,
                         const std::filesystem::path& directory);

/// page_checker::shows_request.
bool shows_request(std::string_view output);

} // namespace berth
