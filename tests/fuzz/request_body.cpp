// The bodies of the REST API, each call's rule held against the same bytes.
#include "json_oracle.hpp"

#include "net/api/request_body.hpp"

using namespace berth;
using namespace berth::net;
using namespace berth::fuzz;

namespace {

template <class T>
bool taken(const result<T>& r) {
    if (!r) {
        require(r.error().code == errc::invalid_request, "a bad body is the client's fault");
        require_words(r.error());
    }
    return r.has_value();
}

/// What a name is taken as, is a name, and the same again.
void check_naming(const std::optional<std::string>& given) {
    if (!given)
        return;
    auto name = check_name(*given, "name");
    if (!taken(name))
        return;
    require(is_utf8(*name) && !name->empty() && name->size() <= 4 * 64, "a name has its bounds", *name);
    require(printable(*name, 4 * 64) == *name, "a name holds no control", *name);
    require(*check_name(*name, "name") == *name, "a name is a name", *name);
    require(name_key(name_key(*name)) == name_key(*name), "a key is a key", *name);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view body(reinterpret_cast<const char*>(data), size);
    bool none = body.empty();
    require(taken(parse_nothing(body)) == (none || check_strict(body, {})), "nothing is nothing or {}");

    auto create = parse_create(body);
    if (taken(create)) {
        require(none || check_strict(body, {"name", "category"}), "a create is strict JSON");
        check_naming(create->name);
        check_naming(create->category);
    }

    auto bulk = parse_bulk(body);
    if (taken(bulk)) {
        require(check_strict(body, {"action", "ids", "category", "all"}), "a bulk action is strict JSON");
        auto given = nlohmann::json::parse(body);
        require(given.size() == 2, "one action, one selection");
        auto* ids = std::get_if<std::vector<std::string>>(&bulk->selection);
        require((ids != nullptr) == given.contains("ids"), "ids select by id, and nothing else does");
        if (ids)
            require(given["ids"] == nlohmann::json(*ids) && ids->size() <= 1000, "the ids are the client's own");
        require(std::holds_alternative<all_apps>(bulk->selection) == given.contains("all"), "all is only said aloud");
    }
    return 0;
}
