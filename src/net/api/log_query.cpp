#include "net/api/log_query.hpp"

#include "core/names.hpp"
#include "net/http/text.hpp"

namespace berth::net {
namespace {

constexpr std::size_t most_lines = 10'000;
constexpr std::uint64_t most_offset = (std::uint64_t{1} << 53) - 1; // what a number of JavaScript holds

result<> parse_after(std::string_view text, logs_query& query) {
    auto wrong = error{errc::invalid_request, "after: must be like stdout:1024,stderr:0, not " + in_quotes(text) + "."};
    bool right = true;
    for_each_item(text, [&](std::string_view item) {
        auto colon = item.find(':');
        auto stream = item.substr(0, colon);
        auto offset = parse_number(colon == item.npos ? std::string_view() : item.substr(colon + 1), most_offset);
        auto& one = stream == "stdout" ? query.out : query.err;
        right = right && offset && (stream == "stdout" || stream == "stderr") && !one.after;
        one.after = offset;
    });
    if (!right || (!query.out.after && !query.err.after))
        return wrong;
    // The stream that is not named is read from its start: the answer's `next` must be true of both.
    query.out.after = query.out.after.value_or(0);
    query.err.after = query.err.after.value_or(0);
    return {};
}

} // namespace

result<logs_query> parse_logs_query(const target& t) {
    logs_query query;
    if (auto after = find_query(t, "after"))
        if (auto parsed = parse_after(*after, query); !parsed)
            return parsed.error();
    auto lines = parse_tail(t, query.out.after ? most_lines : 200);
    if (!lines)
        return lines.error();
    query.out.lines = query.err.lines = *lines;
    if (auto grep = find_query(t, "grep"))
        query.out.grep = query.err.grep = *grep;
    auto regex = parse_switch(t, "regex", false);
    if (!regex)
        return regex.error();
    query.out.regex = query.err.regex = *regex;
    if (auto since = find_query(t, "since")) {
        auto ms = parse_number(*since, most_offset);
        if (!ms)
            return error{errc::invalid_request, "since: must be milliseconds since 1970, like 1769869800000, not " + in_quotes(*since) + "."};
        query.out.since = query.err.since = static_cast<std::int64_t>(*ms);
    }
    return query;
}

std::string logs_json(const log_excerpt& out, const log_excerpt& err) {
    auto stdout_text = to_utf8(out.bytes), stderr_text = to_utf8(err.bytes);
    std::string text = R"({"stdout":)";
    text.reserve(128 + json_string_size(stdout_text) + json_string_size(stderr_text));
    append_json_string(text, stdout_text);
    text += R"(,"stderr":)";
    append_json_string(text, stderr_text);
    text += R"(,"next":{"stdout":)" + std::to_string(out.next) + R"(,"stderr":)" + std::to_string(err.next) + "}}";
    return text;
}

} // namespace berth::net
