// What Next's development endpoint, POST /_next/mcp, answers (Next 16.4: dist/server/mcp), read as what Berth wants to
// know. Pure: every byte comes from outside, and is made plain or refused. And what its log tells of requests.
//
// The answer is JSON-RPC, as plain JSON or as server-sent events with it in their `data:` lines; the tool's own JSON is
// text inside of result.content[0].
#pragma once

#include "core/page_checker.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace berth {

inline constexpr std::size_t longest_title = 300;  // code points
inline constexpr std::size_t longest_frame = 4096; // bytes

/// The body of the request.
std::string question_text(page_question);

/// A file as it was told: relative to the app's folder where it says that it lies in it, "/home/ada/shop/src/a.ts" in
/// /home/ada/shop. But for its mark, one of the workspace is as told, and the workspace may begin further up:
/// "[project]/packages/ui/a.tsx" in /home/ada/shop/apps/web is "packages/ui/a.tsx" (where_it_lies() asks the disk).
std::string read_path(std::string_view told, const std::filesystem::path& directory);

/// What an HTTP answer says; for another status than 200, an empty body will do. Files are as read_path() has them.
page_answer parse_answer(int status, std::string_view content_type, std::string_view body, page_question question,
                         const std::filesystem::path& directory);

/// page_checker::shows_request.
bool shows_request(std::string_view output);

} // namespace berth
