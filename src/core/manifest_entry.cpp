#include "core/manifest_entry.hpp"

#include "core/app_json.hpp"
#include "core/json_fields.hpp"
#include "core/names.hpp"
#include "core/slugs.hpp"

#include <limits>

namespace berth {
namespace {

constexpr auto any_int = std::numeric_limits<int>::max();

/// A manifest from before Berth kept the intent, or written by hand: what it must have been.
intent implied_intent(status s) { return s == status::stopped ? intent::stop : intent::run; }

/// A name or a category.
std::optional<std::string> read_label(json_fields& in, const char* name, const std::string& path) {
    auto text = in.text_or_null(name);
    if (!text)
        return {};
    auto checked = check_name(*text, path + "." + name);
    if (checked.has_error())
        throw invalid_field{checked.error().detail};
    return *checked;
}

/// Of two fields that must say the same: `owned` and `directory`.
std::optional<std::string> read_adopted(json_fields& in, const app& ours) {
    bool adopted = in.has("owned") && !in.flag("owned");
    if (!adopted) {
        if (in.has("directory") && in.text("directory") != ours.directory())
            in.fail("directory", "must be \"" + ours.directory() + "\"");
        return {};
    }
    std::filesystem::path given = in.text("directory");
    auto folder = given.lexically_normal();
    if (!folder.has_filename())
        folder = folder.parent_path(); // a slash at the end
    if (!folder.is_absolute() || folder == folder.root_path())
        in.fail("directory", "must be the absolute path of the project, as the app is an adopted one");
    return folder.string();
}

/// What cannot be one is left out: they follow from the name, and are no reason to refuse a manifest.
void read_slugs(json_fields& in, app& a) {
    if (auto slug = in.take("slug"); slug.is_string() && is_slug(slug.get_ref<const std::string&>()))
        a.slug = slug.get<std::string>();
    for (auto& former : in.take("formerSlugs"))
        if (former.is_string() && is_slug(former.get_ref<const std::string&>()))
            a.former_slugs.push_back(former.get<std::string>());
}

run_settings read_settings(nlohmann::json value, const std::string& path) {
    json_fields in(std::move(value), path);
    run_settings with;
    with.lan = in.flag("lan");
    with.category = in.text_or_null("category");
    return with;
}

} // namespace

manifest_entry read_entry(const std::string& id, const nlohmann::json& value) {
    auto path = "apps." + id;
    if (!is_id(id))
        throw invalid_field{path + " is not an app id: ids are 10 characters of a to z and 0 to 9."};
    json_fields in(value, path);
    manifest_entry entry;
    auto& a = entry.app;
    a.id = in.text("id");
    if (a.id != id)
        in.fail("id", "must be the key it stands under");
    auto name = in.text("name");
    if (auto checked = check_name(name, path + ".name"); checked.has_error())
        throw invalid_field{checked.error().detail};
    else
        a.name = *checked;
    a.category = read_label(in, "category", path);
    a.adopted = read_adopted(in, a);
    if (in.has("script"))
        a.script = in.text("script");
    a.lan = in.flag("lan");
    a.keep_awake = in.flag("keepAwake");
    read_slugs(in, a);
    if (auto notes = in.text_or_null("notes")) {
        auto checked = check_notes(*notes, path + ".notes");
        if (checked.has_error())
            throw invalid_field{checked.error().detail};
        a.notes = *checked;
    }
    a.port = static_cast<std::uint16_t>(in.integer("port", 1, 65535));
    a.created_at = in.text("createdAt");
    a.made_from = in.text_or_null("template");

    if (in.has("status")) {
        auto parsed = parse_status(in.text("status"));
        if (!parsed)
            in.fail("status", "must be online, stopped, errored, launching or unknown");
        a.status = *parsed;
    }
    a.wanted = implied_intent(a.status);
    if (in.has("intent")) {
        auto parsed = parse_intent(in.text("intent"));
        if (!parsed)
            in.fail("intent", "must be run or stop");
        a.wanted = *parsed;
    }
    a.starting = in.flag("starting");
    bool sleeps = in.flag("asleep");
    auto since = in.integer_or_null("asleepSince", 0, std::numeric_limits<std::int64_t>::max());
    auto why = in.text_or_null("asleepBecause");
    if (sleeps)
        a.asleep = nap{since.value_or(0), parse_nap_cause(why.value_or("")).value_or(nap::cause::asked)};
    if (auto what = in.text_or_null("deleting")) {
        auto parsed = parse_removal(*what);
        if (!parsed)
            in.fail("deleting", "must be entry or all");
        a.deleting = *parsed;
    }
    if (auto with = in.take("startedWith"); !with.is_null())
        a.started_with = read_settings(std::move(with), path + ".startedWith");
    a.package_manager = in.text_or_null("packageManager");
    if (auto v = in.integer_or_null("pmId", 0, any_int))
        a.pm_id = static_cast<int>(*v);
    if (in.has("pid"))
        a.pid = static_cast<int>(in.integer("pid", 0, any_int));
    if (in.has("memoryMB"))
        a.memory_mb = static_cast<int>(in.number("memoryMB", any_int));
    if (in.has("cpuPercent"))
        a.cpu_percent = in.number("cpuPercent", any_int);
    if (in.has("wrapperMemoryMB"))
        a.wrapper_memory_mb = static_cast<int>(in.number("wrapperMemoryMB", any_int));
    a.started_at = in.integer_or_null("startedAt", 0, std::numeric_limits<std::int64_t>::max());
    a.last_opened_at = in.integer_or_null("lastOpenedAt", 0, std::numeric_limits<std::int64_t>::max());
    if (in.has("restarts"))
        a.restarts = static_cast<int>(in.integer("restarts", 0, any_int));
    if (auto v = in.integer_or_null("exitCode", std::numeric_limits<int>::min(), any_int))
        a.exit_code = static_cast<int>(*v);
    a.exit_signal = in.text_or_null("exitSignal");
    a.status_reason = in.text_or_null("statusReason");
    entry.other = in.rest();
    return entry;
}

nlohmann::ordered_json write_entry(const manifest_entry& entry) {
    auto& a = entry.app;
    auto object = to_json(a);
    if (!a.former_slugs.empty())
        object["formerSlugs"] = a.former_slugs;
    if (a.starting)
        object["starting"] = true;
    if (a.asleep) {
        object["asleepSince"] = a.asleep->since;
        object["asleepBecause"] = to_string(a.asleep->why);
    }
    if (a.deleting != removal::none)
        object["deleting"] = to_string(a.deleting);
    if (a.started_with) {
        nlohmann::ordered_json with = {{"lan", a.started_with->lan}};
        if (a.started_with->category)
            with["category"] = *a.started_with->category;
        object["startedWith"] = std::move(with);
    }
    for (auto& [key, value] : entry.other.items())
        object[key] = value;
    return object;
}

} // namespace berth
