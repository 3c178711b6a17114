// manifest.json, which its owner edits by hand: what is taken is printed, taken again and the same; no number changes
// on the way; and what is not taken is refused in words.
#include "fuzz.hpp"

#include "core/manifest.hpp"

using namespace berth;
using namespace berth::fuzz;

namespace {

/// Whole numbers of ours are kept as they were written.
void require_same_numbers(const nlohmann::json& given, const nlohmann::json& printed) {
    for (auto field : {"port", "pid", "pmId", "restarts", "startedAt", "exitCode"}) {
        auto was = given.find(field);
        if (was != given.end() && !was->is_null())
            require(was->dump() == printed.at(field).dump(), field, was->dump());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    auto taken = parse_manifest(text);
    if (!taken) {
        require(taken.error().code == errc::manifest_invalid, "a refusal says what it is");
        require_words(taken.error());
        return 0;
    }
    auto printed = format_manifest(*taken);
    auto again = parse_manifest(printed);
    require(again.has_value(), "what Berth writes, it reads", printed);
    require(same_static_fields(*taken, *again), "no static field changes on the way", printed);
    require(format_manifest(*again) == printed, "printing is a fixpoint", printed);
    auto third = parse_manifest(printed);
    require(*third == *again, "reading is a fixpoint", printed);

    auto given = nlohmann::json::parse(text);
    auto result = nlohmann::json::parse(printed);
    if (auto apps = given.find("apps"); apps != given.end() && apps->is_object())
        for (auto& [id, app] : apps->items())
            require_same_numbers(app, result.at("apps").at(id));
    for (auto& [key, value] : given.items())
        require(result.contains(key), "what others keep in it stays", key);
    return 0;
}
