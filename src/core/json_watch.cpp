#include "core/json_watch.hpp"

#include "core/names.hpp"

namespace berth {

using nlohmann::json;

bool json_watch::operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (!wrong_.empty())
        return false;
    switch (event) {
    case json::parse_event_t::object_start:
    case json::parse_event_t::array_start:
        if (depth >= max_depth_)
            wrong_ = "The JSON is nested too deeply.";
        keys_.emplace_back();
        break;
    case json::parse_event_t::object_end:
    case json::parse_event_t::array_end:
        keys_.pop_back();
        break;
    case json::parse_event_t::key:
        if (auto& key = parsed.get_ref<const std::string&>(); !keys_.back().insert(key).second)
            wrong_ = printable(key) + ": is given more than once.";
        break;
    case json::parse_event_t::value:
        break;
    }
    return wrong_.empty();
}

} // namespace berth
