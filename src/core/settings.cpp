#include "core/settings.hpp"

#include "core/names.hpp"

#include <fmt/format.h>

namespace berth {
namespace {

/// The fields of an edit that were given, with those of the app that they are for.
template <class Edit, class Visit>
void each_given(Edit& edit, Visit visit) {
    if (edit.name)
        visit(&app::name, *edit.name);
    if (edit.category)
        visit(&app::category, *edit.category);
    if (edit.notes)
        visit(&app::notes, *edit.notes);
    if (edit.keep_awake)
        visit(&app::keep_awake, *edit.keep_awake);
    if (edit.lan)
        visit(&app::lan, *edit.lan);
}

} // namespace

result<app_edit> check_edit(app_edit edit) {
    if (edit.name) {
        auto name = check_name(*edit.name, "name");
        if (name.has_error())
            return name.error();
        edit.name = *name;
    }
    if (edit.category && *edit.category) {
        auto category = check_name(**edit.category, "category");
        if (category.has_error())
            return category.error();
        edit.category = *category;
    }
    if (edit.notes && *edit.notes) {
        auto notes = check_notes(**edit.notes, "notes");
        if (notes.has_error())
            return notes.error();
        edit.notes = *notes;
    }
    return edit;
}

task<result<std::shared_ptr<const app_view>>> apply_edit(registry& apps, keeper& disk, std::string id, app_edit edit,
                                                         std::set<std::string> names) {
    auto gone =
        error{errc::app_not_found, fmt::format("There is no app with the id {}. It may have been deleted.", id)};
    auto known = apps.find(id);
    if (!known || known->deleting != removal::none)
        co_return gone;
    auto taken = error{errc::name_taken,
                       fmt::format("Another app is called \"{}\". Choose another name.", edit.name.value_or(""))};
    if (edit.name && names.contains(name_key(*edit.name)))
        co_return taken;
    auto before = *known;
    apps.edit(id, [&](app& a) { each_given(edit, [&](auto field, auto& value) { a.*field = value; }); });
    auto written = co_await disk.durable();
    if (written.has_error()) {
        apps.edit(id, [&](app& a) { // what somebody has set again since is his
            bool renamed = a.name != before.name && a.name == edit.name;
            each_given(edit, [&](auto field, auto& value) { a.*field = a.*field == value ? before.*field : a.*field; });
            if (renamed) {
                a.slug = before.slug;
                a.former_slugs = before.former_slugs;
            }
        });
        co_return written.error();
    }
    apps.commit();
    auto now = apps.find(id);
    if (!now)
        co_return gone;
    if (edit.name && now->name == before.name && before.name != *edit.name)
        co_return taken; // by somebody's hand in manifest.json, in that very moment
    co_return apps.view(id);
}

} // namespace berth
