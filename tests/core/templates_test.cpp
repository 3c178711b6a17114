// Creates from templates, and templates themselves, on stand-ins for the disk and for git.
#include "core/clock.hpp"
#include "core/template_source.hpp"
#include "core/turns.hpp"

#include "fixture.hpp"

using namespace berth;
using namespace berth::test;

namespace {

constexpr std::int64_t day = 24LL * 3600 * 1000;

template_facts fresh_next() {
    template_facts facts;
    facts.source = "create-next-app";
    facts.made_at = wall_ms();
    facts.node = "v20.9.0";
    return facts;
}

struct template_fixture : fixture {
    template_fixture() { scaffolder.built_in = true; }

    using answer = result<std::shared_ptr<const app_view>>;
    void spawn(create_options wish, std::vector<answer>& answers) {
        asio::co_spawn(io, berth->create(std::move(wish)), [&answers](std::exception_ptr e, answer made) {
            BOOST_REQUIRE(!e);
            answers.push_back(std::move(made));
        });
    }
    void spawn_template(std::string name, std::string source, std::vector<result<template_view>>& answers) {
        asio::co_spawn(io, berth->add_template(std::move(name), std::move(source)),
                       [&answers](std::exception_ptr e, result<template_view> made) {
                           BOOST_REQUIRE(!e);
                           answers.push_back(std::move(made));
                       });
    }
};

template_fixture& of(fixture& f) { return static_cast<template_fixture&>(f); }

} // namespace

BOOST_FIXTURE_TEST_SUITE(templates_in_core, template_fixture)

BOOST_AUTO_TEST_CASE(sources_as_people_write_them) {
    const std::tuple<const char*, const char*, const char*> rows[] = {
        {"https://example.org/a/b.git", "https://example.org/a/b.git", ""},
        {"https://example.org/a/b#v1.2", "https://example.org/a/b", "v1.2"},
        {"git@example.org:a/b.git#feature/x", "git@example.org:a/b.git", "feature/x"},
        {"ssh://git@example.org:22/a", "ssh://git@example.org:22/a", ""},
        {"file:///srv/a b", "file:///srv/a b", ""},
        {"github:acme/shop-starter#main", "https://github.com/acme/shop-starter.git", "main"},
    };
    for (auto& [given, url, ref] : rows) {
        auto parsed = parse_template_source(given);
        BOOST_REQUIRE_MESSAGE(parsed.has_value(), given);
        BOOST_TEST(std::get<git_source>(*parsed).url == url);
        BOOST_TEST(std::get<git_source>(*parsed).ref == ref);
    }
    auto folder = parse_template_source("/home/ada/a project/../shop #1");
    BOOST_REQUIRE(folder.has_value());
    BOOST_TEST(std::get<folder_source>(*folder).path == "/home/ada/shop #1");
    for (auto given :
         {"", "relative/path", "ext::sh -c date", "--upload-pack=date", "-x", "git@-oProxyCommand=date:x",
          "ssh://-oProxyCommand=date/x", "ssh://git@-oProxyCommand=date/x", "https://", "github:acme", "github:../x",
          "github:a/b/c", "http://example.org/a", "https://example.org/a#--upload-pack=x",
          "https://example.org/a#+main:main", "https://example.org/a#a b", "https://example.org/\na", "file://host/a"})
        BOOST_TEST(parse_template_source(given).has_error(), given);
}

BOOST_AUTO_TEST_CASE(passwords_are_not_shown) {
    const std::pair<const char*, const char*> rows[] = {
        {"https://ada:secret@example.org/a", "https://ada@example.org/a"},
        {"https://ada@example.org/a", "https://ada@example.org/a"},
        {"https://example.org:8443/a@b:c", "https://example.org:8443/a@b:c"},
        {"git@example.org:a/b", "git@example.org:a/b"},
        {"/home/ada", "/home/ada"},
    };
    for (auto& [source, shown] : rows)
        BOOST_TEST(without_password(source) == shown);
}

BOOST_AUTO_TEST_CASE(names_and_ages) {
    for (auto name : {"next", "shop-2.0", "a", "0_x"})
        BOOST_TEST(check_template_name(name).has_value(), name);
    for (auto name : {"", ".making-x", "-x", "a/b", "..", "Shop", "a b", "ü"})
        BOOST_TEST(check_template_name(name).has_error(), name);
    BOOST_TEST(check_template_name(std::string(65, 'a')).has_error());

    auto facts = fresh_next();
    auto now = facts.made_at;
    BOOST_TEST(!is_stale(facts, now + 7 * day, "v20.20.0"));
    BOOST_TEST(is_stale(facts, now + 7 * day + 1, "v20.9.0"));
    BOOST_TEST(is_stale(facts, now - 1, "v20.9.0"));
    BOOST_TEST(is_stale(facts, now, "v22.0.0"));
    BOOST_TEST(is_stale(facts, now, "v2.0.0"));
    BOOST_TEST(!is_stale(facts, now, ""));
    BOOST_TEST(parse_iso_time(iso_time(now)).value() == now);
    BOOST_TEST(!parse_iso_time("2026-01-31"));
}

BOOST_AUTO_TEST_CASE(turns_go_in_order_and_whoever_gives_up_leaves_the_line) {
    turns two(io.get_executor(), 2);
    bool stays = false, gives_up = false;
    std::string order;
    auto enter = [&](char name, const bool& flag) {
        asio::co_spawn(io, two.enter(flag), [&order, name](std::exception_ptr, bool in) { order += in ? name : '-'; });
    };
    bool b = false, c = false, e = false;
    enter('a', stays);
    enter('b', b);
    enter('c', c);
    enter('d', gives_up);
    enter('e', e);
    io.poll();
    BOOST_TEST(order == "ab");
    gives_up = true;
    two.look_again();
    io.poll();
    BOOST_TEST(order == "ab-");
    two.leave();
    io.poll();
    BOOST_TEST(order == "ab-c");
    two.leave();
    io.poll();
    BOOST_TEST(order == "ab-ce");
}

BOOST_AUTO_TEST_CASE(the_first_scaffolds_and_the_others_copy) {
    scaffolder.hold = true;
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        std::vector<answer> answers;
        create_options wish;
        for (int i = 0; i < 3; ++i)
            f.spawn(wish, answers);
        co_await until([&] { return f.berth->operations().size() == 3 && f.scaffolder.running == 1; });
        co_await settle();
        BOOST_TEST(f.scaffolder.running == 1);
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 3; });
        for (auto& each : answers) {
            BOOST_REQUIRE(each.has_value());
            BOOST_TEST((*each)->app.made_from.value_or("") == "next");
        }
        BOOST_TEST(f.scaffolder.most == 1);
        BOOST_TEST(f.templates.kept.size() == 1u);
        BOOST_TEST(f.templates.copies.size() == 2u);
        BOOST_TEST(f.templates.making.empty());
        BOOST_TEST(f.storage.entries.empty());
        BOOST_TEST(f.tools.histories.size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(when_the_first_scaffold_fails_the_next_one_scaffolds) {
    scaffolder.hold = true;
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        std::vector<answer> answers;
        create_options wish;
        f.spawn(wish, answers);
        f.spawn(wish, answers);
        co_await until([&] { return f.scaffolder.running == 1; });
        auto first = f.berth->operations().front().id;
        co_await f.berth->cancel(first);
        co_await until([&] { return f.scaffolder.running == 1; });
        f.scaffolder.hold = false;
        co_await until([&] { return answers.size() == 2; });
        BOOST_TEST((answers[0].error().code == errc::cancelled));
        BOOST_TEST(answers[1].has_value());
        BOOST_TEST(f.templates.shelf.contains("next"));
    });
}

BOOST_AUTO_TEST_CASE(fresh_scaffolds_anew_and_a_command_keeps_nothing) {
    templates.shelf["next"] = fresh_next();
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        create_options wish;
        wish.fresh = true;
        auto made = co_await f.berth->create(wish);
        BOOST_TEST(made.has_value());
        BOOST_TEST(f.scaffolder.most == 1);
        BOOST_TEST(f.templates.kept.size() == 1u);
        f.scaffolder.built_in = false;
        wish.fresh = false;
        made = co_await f.berth->create(wish);
        BOOST_REQUIRE(made.has_value());
        BOOST_TEST(!(*made)->app.made_from);
        BOOST_TEST(f.templates.kept.size() == 1u);
        BOOST_TEST(f.templates.copies.empty());
    });
}

BOOST_AUTO_TEST_CASE(a_damaged_template_is_made_anew) {
    templates.shelf["next"] = fresh_next();
    templates.damaged.insert("next");
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        create_options wish;
        auto made = co_await f.berth->create(wish);
        BOOST_TEST(made.has_value());
        BOOST_TEST(f.scaffolder.most == 1);
        BOOST_TEST(f.templates.shelf.contains("next"));
        auto second = co_await f.berth->create(wish);
        BOOST_TEST(second.has_value());
        BOOST_TEST(f.templates.copies.size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_stale_one_is_renewed_behind_the_answer) {
    templates.shelf["next"] = fresh_next();
    templates.shelf["next"].made_at -= 8 * day;
    scaffolder.hold = true;
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        create_options wish;
        auto made = co_await f.berth->create(wish);
        BOOST_TEST(made.has_value());
        co_await until([&] { return f.scaffolder.running == 1; });
        auto all = f.berth->operations();
        BOOST_REQUIRE(all.size() == 1u);
        BOOST_TEST((all[0].kind == operation::sort::make_template));
        auto again = co_await f.berth->create(wish); // meanwhile, from the old one
        BOOST_TEST(again.has_value());
        f.scaffolder.hold = false;
        co_await until([&] { return f.berth->operations().empty(); });
        BOOST_TEST(!is_stale(f.templates.shelf["next"], wall_ms(), "v20.9.0"));
    });
}

BOOST_AUTO_TEST_CASE(a_renewal_that_fails_leaves_the_old_one) {
    templates.shelf["next"] = fresh_next();
    tools.versions["node"] = "v22.0.0";
    scaffolder.fail = error{errc::scaffold_failed, "no network"};
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        create_options wish;
        auto made = co_await f.berth->create(wish);
        BOOST_TEST(made.has_value());
        co_await until([&] { return f.scaffolder.most == 1 && f.berth->operations().empty(); });
        BOOST_TEST(f.templates.shelf.contains("next"));
        BOOST_TEST(f.templates.making.empty());
    });
}

BOOST_AUTO_TEST_CASE(four_copies_at_a_time_and_a_cancel_leaves_nothing) {
    templates.shelf["next"] = fresh_next();
    templates.hold_copies = true;
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        std::vector<answer> answers;
        create_options wish;
        for (int i = 0; i < 6; ++i)
            f.spawn(wish, answers);
        co_await until([&] { return f.templates.copying == 4; });
        co_await settle();
        auto all = f.berth->operations();
        BOOST_TEST(std::count_if(all.begin(), all.end(), [](auto& o) { return o.at == operation::phase::copying; }) ==
                   4);
        auto gone = co_await f.berth->cancel(all[0].id);
        BOOST_TEST((gone->at == operation::phase::cancelled));
        BOOST_TEST(!std::filesystem::exists(f.storage.app_directory(all[0].id)));
        f.templates.hold_copies = false;
        co_await until([&] { return answers.size() == 6; });
        BOOST_TEST(f.templates.most == 4);
        BOOST_TEST(f.storage.entries.empty());
        BOOST_TEST(std::count_if(answers.begin(), answers.end(), [](auto& a) { return a.has_value(); }) == 5);
    });
}

BOOST_AUTO_TEST_CASE(a_fork_and_what_is_not_there) {
    templates.shelf["next"] = fresh_next();
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        auto id = co_await f.make("Original");
        create_options wish;
        wish.fork_of = id;
        auto made = co_await f.berth->create(wish);
        BOOST_REQUIRE(made.has_value());
        BOOST_TEST((*made)->app.made_from.value_or("") == "app:" + id);
        BOOST_TEST(f.templates.copies.back() == id + " to " + (*made)->app.id);
        BOOST_TEST(f.tools.histories.back() == "Fork of Original");
        wish.fork_of = "zzzzzzzzzz";
        made = co_await f.berth->create(wish);
        BOOST_TEST((made.error().code == errc::app_not_found));
        create_options other;
        other.made_from = "shop";
        made = co_await f.berth->create(other);
        BOOST_TEST((made.error().code == errc::template_not_found));
        BOOST_TEST(f.storage.entries.empty());
    });
}

BOOST_AUTO_TEST_CASE(a_template_from_a_repository) {
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        std::string shop = "shop", source = "https://ada:secret@example.org/shop#main";
        auto made = co_await f.berth->add_template(shop, source);
        BOOST_REQUIRE(made.has_value());
        BOOST_TEST(made->source == "https://ada@example.org/shop#main");
        BOOST_TEST(made->facts->commit.value_or("") == "3f1c");
        BOOST_TEST(made->facts->package_manager == "npm 11.0.0");
        BOOST_TEST(f.tools.fetched.front() == "https://ada:secret@example.org/shop#main");
        auto again = co_await f.berth->add_template(shop, source);
        BOOST_TEST((again.error().code == errc::name_taken));
        std::string next = "next";
        again = co_await f.berth->add_template(next, source);
        BOOST_TEST((again.error().code == errc::name_taken));
        auto refreshed = co_await f.berth->refresh_template(shop);
        BOOST_TEST(refreshed.has_value());
        BOOST_TEST(f.tools.fetched.size() == 2u);
        create_options wish;
        wish.made_from = shop;
        auto app = co_await f.berth->create(wish);
        BOOST_REQUIRE(app.has_value());
        BOOST_TEST((*app)->app.made_from.value_or("") == "shop");
        auto all = co_await f.berth->templates();
        BOOST_REQUIRE(all.size() == 2u);
        BOOST_TEST(all[0].name == "next");
        BOOST_TEST(!all[0].facts);
        auto removed = co_await f.berth->remove_template(shop);
        BOOST_TEST(removed.has_value());
        removed = co_await f.berth->remove_template(shop);
        BOOST_TEST((removed.error().code == errc::template_not_found));
        refreshed = co_await f.berth->refresh_template(shop);
        BOOST_TEST((refreshed.error().code == errc::template_not_found));
    });
}

BOOST_AUTO_TEST_CASE(a_template_that_fails_or_is_cancelled_leaves_nothing) {
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        std::string shop = "shop", source = "https://example.org/shop";
        f.tools.install_error = error{errc::template_failed, "pnpm is not installed"};
        auto made = co_await f.berth->add_template(shop, source);
        BOOST_TEST((made.error().code == errc::template_failed));
        f.tools.hold = true;
        std::vector<result<template_view>> answers;
        f.spawn_template(shop, source, answers);
        co_await until([&] {
            auto all = f.berth->operations();
            return all.size() == 1 && all[0].at == operation::phase::fetching;
        });
        auto id = f.berth->operations().front().id;
        auto views = co_await f.berth->templates();
        BOOST_TEST(views.back().operation.value_or("") == id);
        auto gone = co_await f.berth->cancel(id);
        BOOST_TEST((gone->at == operation::phase::cancelled));
        co_await until([&] { return answers.size() == 1; });
        BOOST_TEST((answers[0].error().code == errc::cancelled));
        BOOST_TEST(f.templates.making.empty());
        BOOST_TEST(f.templates.shelf.empty());
    });
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_is_cleared) {
    templates.making.insert("abc1234567");
    with([](fixture& g) -> task<> {
        auto& f = of(g);
        co_await until([&] { return f.templates.making.empty(); });
    });
}

BOOST_AUTO_TEST_SUITE_END()
