// What comes on the port of an app that sleeps: however its bytes are split, it wakes the app or it does not, all of it
// is kept as it came, and nothing wakes that the rule, read from the bytes themselves, would not let.
#include "fuzz.hpp"

#include "net/sleep/held_request.hpp"

#include <algorithm>
#include <vector>

using namespace berth;
using namespace berth::net;
using namespace berth::fuzz;

namespace {

constexpr std::size_t head_limit = 400; // small, so that it is reached

/// What became of it, as words; what is no request may be refused for one reason or another, as soon as that is seen.
std::string told(const std::optional<held_verdict>& seen) {
    if (!seen || (seen->read != read_end::complete && seen->read != read_end::unframed))
        return "no request";
    if (seen->read == read_end::unframed)
        return "unframed";
    auto words = seen->purpose == purpose::meant     ? std::string("meant")
                 : seen->purpose == purpose::foreign ? "foreign"
                                                     : "automatic";
    for (bool each : {seen->who.is_person, seen->who.is_page, seen->who.reloads, seen->to_head, seen->http10})
        words += each ? " 1" : " 0";
    return words;
}

std::string judge(std::string_view bytes, FuzzedDataProvider* cuts) {
    held_request request(head_limit);
    std::string first;
    auto take = [&](std::string_view piece) {
        bool judged = request.judged();
        auto words = told(request.take(piece));
        require(!judged || words == first, "a verdict stays", words);
        require(!request.judged() || request.started(), "what is judged has begun");
        first = words;
    };
    if (cuts)
        in_pieces(bytes, *cuts, 32, take);
    else
        take(bytes);
    require(request.bytes() == bytes, "all is kept as it came", request.bytes());
    return told(request.take({}));
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

std::string_view without_spaces(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The values of a field, from the lines of the head.
std::vector<std::string> values(std::string_view head, std::string_view name) {
    std::vector<std::string> all;
    while (!head.empty()) {
        auto line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(head.size(), line.size() + 2));
        if (auto colon = line.find(':'); colon != line.npos && lower(line.substr(0, colon)) == name)
            all.emplace_back(without_spaces(line.substr(colon + 1)));
    }
    return all;
}

/// The rule once more, over the bytes.
void require_purpose(std::string_view bytes) {
    if (bytes.starts_with("\r\n"))
        bytes.remove_prefix(2);
    auto end = bytes.find("\r\n\r\n");
    require(end != bytes.npos && end <= head_limit, "nothing wakes without a whole head", bytes);
    auto head = bytes.substr(0, end + 2);
    head.remove_prefix(head.find("\r\n") + 2);
    if (head.find("\r\n ") != head.npos || head.find("\r\n\t") != head.npos)
        return; // a value that goes on in the next line
    auto site = values(head, "sec-fetch-site"), mode = values(head, "sec-fetch-mode"),
         where = values(head, "sec-fetch-dest");
    bool own = site.empty() || (site.size() == 1 && (site[0] == "same-origin" || site[0] == "none"));
    bool opens =
        mode.size() == 1 && mode[0] == "navigate" && (where.empty() || (where.size() == 1 && where[0] == "document"));
    require(own || opens, "no other site wakes", head);
    require(values(head, "origin").empty() || values(head, "upgrade").empty(), "no open tab wakes", head);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider cuts(data, size);
    auto bytes = cuts.ConsumeRandomLengthString();
    auto whole = judge(bytes, nullptr);
    auto pieces = judge(bytes, &cuts);
    require(whole == pieces, "what came is what it is, however its bytes come", whole + "\n--\n" + pieces);
    if (whole.starts_with("meant"))
        require_purpose(bytes);
    return 0;
}
