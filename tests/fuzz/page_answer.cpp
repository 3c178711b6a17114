// What an app's dev server answers when it is asked whether its pages work: whatever comes, what is shown of it is
// short, plain text.
#include "fuzz.hpp"

#include "next/page_answer.hpp"

using namespace berth;
using namespace berth::fuzz;

namespace {

void check_plain(const std::string& text, std::size_t most, bool lines = false) {
    require(text.size() <= most, "it is short", text);
    require(is_utf8(text), "it is UTF-8", text);
    for (char c : text)
        require(static_cast<unsigned char>(c) >= 0x20 || (lines && c == '\n'), "it holds no controls", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider in(data, size);
    auto question = in.ConsumeBool() ? page_question::compile : page_question::tabs;
    auto type = in.ConsumeBool() ? "text/event-stream" : "application/json";
    std::filesystem::path folder = in.ConsumeBool() ? "/home/ada/shop/apps/web" : "/";
    auto body = in.ConsumeRemainingBytesAsString();
    auto answer = parse_answer(200, type, body, question, folder);
    require((answer.what == page_answer::outcome::failed) == !answer.why.empty(), "a failure has words, and only it");
    require((answer.errors > 0) == answer.first.has_value(), "the first error is told");
    check_plain(answer.why, 2000);
    if (answer.first) {
        check_plain(answer.first->title, 4 * longest_title + 3);
        require(!answer.first->title.empty(), "an error has a title");
        if (answer.first->file)
            check_plain(*answer.first->file, 1024);
        if (answer.first->frame)
            check_plain(*answer.first->frame, longest_frame, true);
        require(!answer.first->line || *answer.first->line > 0, "lines count from 1");
    }
    shows_request(body);
    return 0;
}
