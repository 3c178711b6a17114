#include "store/template_json.hpp"

#include "core/app_json.hpp"
#include "core/clock.hpp"

namespace berth {

std::string format_template(const template_facts& facts) {
    nlohmann::ordered_json json = {{"version", 1},
                                   {"source", facts.source},
                                   {"madeAt", iso_time(facts.made_at)},
                                   {"node", facts.node},
                                   {"packageManager", facts.package_manager},
                                   {"next", nullptr},
                                   {"commit", nullptr},
                                   {"entries", facts.entries},
                                   {"bytes", facts.bytes}};
    if (facts.next)
        json["next"] = *facts.next;
    if (facts.commit)
        json["commit"] = *facts.commit;
    return dump(json, 2) + "\n";
}

std::optional<template_facts> parse_template(std::string_view text) {
    auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("version", nlohmann::json()) != 1)
        return {};
    template_facts facts;
    auto text_of = [&](const char* field) -> std::optional<std::string> {
        auto found = json.find(field);
        if (found == json.end() || !found->is_string())
            return {};
        return found->get<std::string>();
    };
    auto source = text_of("source"), made_at = text_of("madeAt");
    auto made = made_at ? parse_iso_time(*made_at) : std::nullopt;
    auto entries = json.find("entries"), bytes = json.find("bytes");
    if (!source || !made || entries == json.end() || !entries->is_number_unsigned() || bytes == json.end() ||
        !bytes->is_number_unsigned())
        return {};
    facts.source = *source;
    facts.made_at = *made;
    facts.node = text_of("node").value_or("");
    facts.package_manager = text_of("packageManager").value_or("");
    facts.next = text_of("next");
    facts.commit = text_of("commit");
    facts.entries = entries->get<std::uint64_t>();
    facts.bytes = bytes->get<std::uint64_t>();
    return facts;
}

} // namespace berth
