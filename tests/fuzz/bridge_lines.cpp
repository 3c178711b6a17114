// What the bridge to pm2 sends, and what a scaffold prints: bytes in pieces, cut into lines, decoded.
#include "fuzz.hpp"

#include "core/line_splitter.hpp"
#include "core/output_text.hpp"
#include "pm2/protocol.hpp"

#include <nlohmann/json.hpp>

using namespace berth;
using namespace berth::fuzz;

namespace {

constexpr std::size_t limit = 200; // bytes of a line: small, so that it is reached

std::vector<std::string> split(std::string_view text, FuzzedDataProvider& cuts, line_splitter::overlong policy,
                               std::size_t& overlong) {
    std::vector<std::string> lines;
    auto take = [&](std::string_view line) { lines.emplace_back(line); };
    line_splitter splitter(limit, policy);
    in_pieces(text, cuts, 64, [&](std::string_view piece) { splitter.feed(piece, take); });
    splitter.end(take);
    overlong = splitter.overlong_lines();
    return lines;
}

/// The same, the slow and obvious way.
std::vector<std::string> expected(std::string_view text, line_splitter::overlong policy) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        auto end = text.find('\n');
        auto line = text.substr(0, end);
        if (line.size() <= limit)
            lines.emplace_back(line);
        else if (policy == line_splitter::overlong::cut)
            lines.emplace_back(line.substr(0, limit));
        if (end == text.npos)
            break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

void check_decoding(std::string_view line) {
    static protocol::decoder decoder; // as in Berth: one for all lines of a bridge
    auto message = decoder.decode(line);
    if (!message) {
        require(!decoder.why().empty(), "a line that is dropped is dropped for a reason", line);
        return;
    }
    require(nlohmann::json::accept(line), "what is decoded is JSON to others too", line);
    if (auto* event = std::get_if<pm2_event>(&*message)) {
        require(is_utf8(event->name) && is_utf8(event->event), "texts are UTF-8", line);
        require(event->pm_id >= 0 && event->at >= 0, "numbers are in their range", line);
    } else if (auto* answer = std::get_if<protocol::answer>(&*message); answer && answer->processes) {
        for (auto& p : *answer->processes)
            require(p.pm_id >= 0 && p.pid >= 0 && p.started_at >= 0, "numbers are in their range", line);
    }
}

void check_plain(std::string_view raw) {
    for (std::size_t most : {7, 64}) {
        auto plain = plain_line(raw, most);
        require(plain.size() <= most, "a line is as short as it was asked for", plain);
        require(is_utf8(plain), "a line is UTF-8", plain);
        for (unsigned char c : plain)
            require(c >= 0x20 && c != 0x7f, "a line holds no control", plain);
        require(plain_line(plain, most) == plain, "a plain line stays as it is", plain);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider cuts(data, size);
    auto text = cuts.ConsumeRandomLengthString();
    std::size_t overlong = 0;
    auto kept = split(text, cuts, line_splitter::overlong::drop, overlong);
    require(kept == expected(text, line_splitter::overlong::drop), "lines do not depend on the pieces", text);
    auto cut = split(text, cuts, line_splitter::overlong::cut, overlong);
    require(cut == expected(text, line_splitter::overlong::cut), "cut lines do not depend on the pieces", text);
    require(cut.size() == kept.size() + overlong, "each line over the bound is counted", text);
    for (auto& line : kept)
        check_decoding(line);
    for (auto& line : cut)
        check_plain(line);
    return 0;
}
