#include "machine/procfs.hpp"

#include "machine/sock_diag.hpp"
#include "support/reactor.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <unistd.h>

using namespace berth;
using namespace berth::test;

using kernel::bound_to;

BOOST_AUTO_TEST_SUITE(proc_files)

BOOST_AUTO_TEST_CASE(stat_lines) {
    auto p = procfs::parse_stat("1234 (next-server (v1) S 9 9) S 12 34 56 0 -1 4194304 1 2 3 4 150 50 7 8 20 0 11 0 "
                                "987654 1000000 2560 18446744073709551615 1 1 140727 0\n");
    BOOST_REQUIRE(p);
    BOOST_TEST(p->pid == 1234);
    BOOST_TEST(p->name == "next-server (v1) S 9 9");
    BOOST_TEST(p->state == 'S');
    BOOST_TEST(p->parent == 12);
    BOOST_TEST(p->group == 34);
    BOOST_TEST(p->session == 56);
    BOOST_TEST(p->ticks == 200u);
    BOOST_TEST(p->started == 987654u);
    BOOST_TEST(p->stack == 140727u);
    BOOST_TEST(!p->dead());
    BOOST_TEST(kernel::readable_name("next-server (v1") == "next-server");
    BOOST_TEST(kernel::readable_name("npm run dev") == "npm run dev");
    BOOST_TEST(kernel::readable_name("(sd-pam)") == "(sd-pam)");
    BOOST_TEST(kernel::readable_name("node-MainThread") == "");
    BOOST_TEST(kernel::readable_name("\x1b[2J\x1b]0;x\x07\x9b") == "[2J]0;x\ufffd");
    for (auto* bad : {"", "1234", "1234 (x", "x (y) S 1 1 1", "1234 (x) S 12 34", ") (", "1 (a) S a b c"})
        BOOST_TEST(!procfs::parse_stat(bad), bad);
}

BOOST_AUTO_TEST_CASE(socket_tables) {
    auto four = procfs::parse_net_tcp(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 0100007F:0C1B 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 "
        "10 0\n"
        "   1: 0100007F:0C1B 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0 20 4 30 "
        "10 -1\n"
        "   2: 00000000:0C1C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0 100 0 0 "
        "10 0\n"
        "   3: 0501A8C0:0C1D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4714 1 0 100 0 0 "
        "10 0\n",
        false);
    BOOST_TEST((four == std::vector<kernel::listener>{{3099, 4711, false, bound_to::loopback},
                                                      {3100, 4713, false, bound_to::any},
                                                      {3101, 4714, false, bound_to::network}}));
    auto six = procfs::parse_net_tcp("heading\n"
                                     "   0: 00000000000000000000000000000000:0C1B 0:0 0A 0:0 0:0 0 1000 0 1 x\n"
                                     "   1: 00000000000000000000000001000000:0C1B 0:0 0A 0:0 0:0 0 1000 0 2 x\n"
                                     "   2: 0000000000000000FFFF00000100007F:0C1B 0:0 0A 0:0 0:0 0 1000 0 3 x\n"
                                     "   3: 000080FE00000000FF005450B6AD1DFE:0C1B 0:0 0A 0:0 0:0 0 1000 0 4 x\n",
                                     true);
    BOOST_TEST((six == std::vector<kernel::listener>{{3099, 1, true, bound_to::any},
                                                     {3099, 2, true, bound_to::loopback},
                                                     {3099, 3, false, bound_to::loopback},
                                                     {3099, 4, true, bound_to::network}}));
    for (auto* bad : {"", "heading", "heading\n", "heading\n\n\n", "heading\n 0: x:y z 0A",
                      "h\n0: 00000000:ZZZZ 0:0 0A a b c d e f"})
        BOOST_TEST(procfs::parse_net_tcp(bad, false).empty());
}

BOOST_AUTO_TEST_CASE(small_rules) {
    BOOST_TEST(procfs::parse_socket_link("socket:[4711]").value() == 4711u);
    for (auto* other : {"pipe:[1]", "socket:[]", "socket:[x]", "socket:[1", "/dev/null", ""})
        BOOST_TEST(!procfs::parse_socket_link(other));

    BOOST_TEST(kernel::is_inside("/r/apps/a", "/r/apps/a"));
    BOOST_TEST(kernel::is_inside("/r/apps/a/src", "/r/apps/a/"));
    BOOST_TEST(kernel::is_inside("/r/apps/a (deleted)", "/r/apps/a"));
    BOOST_TEST(!kernel::is_inside("/r/apps/ab", "/r/apps/a"));
    BOOST_TEST(!kernel::is_inside("/r/apps", "/r/apps/a"));
    BOOST_TEST(!kernel::is_inside("", "/r/apps/a"));
    BOOST_TEST(!kernel::is_inside("/r", ""));
    BOOST_TEST(!kernel::is_inside("/r", "/")); // nobody's app folder

    auto cpu = procfs::parse_cpu("cpu  100 1 50 1000 20 0 3 2 40 0\ncpu0 1 1 1\n");
    BOOST_REQUIRE(cpu);
    BOOST_TEST(cpu->busy == 156u);
    BOOST_TEST(cpu->total == 1176u);
    BOOST_TEST(!procfs::parse_cpu("intr 5"));
    auto memory = procfs::parse_meminfo("MemTotal:       16000 kB\nMemFree: 1 kB\nMemAvailable:   9000 kB\n");
    BOOST_TEST(memory.total_kb == 16000u);
    BOOST_TEST(memory.available_kb == 9000u);
}

BOOST_AUTO_TEST_CASE(shared_pages_count_once) {
    auto pages = procfs::parse_statm("160000 5000 3000 20 0 9000 0\n");
    BOOST_REQUIRE(pages);
    BOOST_TEST(pages->resident == 5000u);
    BOOST_TEST(pages->shared == 3000u);
    for (auto* bad : {"", "1", "1 2", "1 x 3", "1 2 -3"})
        BOOST_TEST(!procfs::parse_statm(bad));
    kernel::shared_once tree;
    BOOST_TEST(tree.total() == 0u);
    tree.add(*pages);
    BOOST_TEST(tree.total() == 5000u);
    tree.add({2000, 1500});
    BOOST_TEST(tree.total() == 5500u); // shares all of its 1500 with the first
    tree.add({4000, 3500});
    BOOST_TEST(tree.total() == 6500u);
    tree.add({10, 20}); // figures of two moments
    BOOST_TEST(tree.total() == 6500u);
}

BOOST_AUTO_TEST_CASE(this_process_is_seen) {
    auto self = procfs::one_process(::getpid());
    BOOST_REQUIRE(self);
    BOOST_TEST(self->parent == ::getppid());
    BOOST_TEST(self->session == ::getsid(0));
    BOOST_TEST(procfs::working_directory(::getpid()) == std::filesystem::current_path().string());
    BOOST_TEST(self->stack > 0u);
    BOOST_TEST(procfs::memory_of(::getpid())->resident > 0u);
    auto all = procfs::all_processes();
    BOOST_TEST(std::any_of(all.begin(), all.end(), [](auto& p) { return p.pid == ::getpid(); }));
    BOOST_TEST(!procfs::one_process(-1));
}

BOOST_AUTO_TEST_CASE(listeners_by_netlink_and_by_file_are_the_same) {
    asio::io_context io;
    using asio::ip::tcp;
    tcp::acceptor four(io, {asio::ip::address_v4::loopback(), 0});
    tcp::acceptor any(io, {asio::ip::address_v6::any(), 0});
    tcp::acceptor mapped(io, tcp::v6());
    mapped.set_option(asio::ip::v6_only(false));
    mapped.bind({asio::ip::make_address("::ffff:127.0.0.1"), 0});
    mapped.listen();
    auto inode_of = [](int fd) {
        auto link = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).string();
        return procfs::parse_socket_link(link).value();
    };
    socket_table table;
    auto from_kernel = table.listeners();
    auto from_file = procfs::parse_net_tcp(procfs::read("/proc/net/tcp"), false);
    for (auto& each : procfs::parse_net_tcp(procfs::read("/proc/net/tcp6"), true))
        from_file.push_back(each);
    auto seen = [&](const tcp::acceptor& socket, bool v6, bound_to where) {
        auto handle = const_cast<tcp::acceptor&>(socket).native_handle();
        return kernel::listener{socket.local_endpoint().port(), inode_of(handle), v6, where};
    };
    for (auto& list : {from_kernel, from_file})
        for (auto& each : {seen(four, false, bound_to::loopback), seen(mapped, false, bound_to::loopback),
                           seen(any, true, bound_to::any)})
            BOOST_TEST((std::find(list.begin(), list.end(), each) != list.end()));
    BOOST_TEST_MESSAGE("netlink: " << table.uses_netlink());
}

BOOST_AUTO_TEST_CASE(connections_by_netlink_and_by_file_are_the_same) {
    asio::io_context io;
    using asio::ip::tcp;
    for (auto& address : {asio::ip::make_address("127.0.0.1"), asio::ip::make_address("::1")}) {
        tcp::acceptor here(io, {address, 0}), waiting(io, {address, 0});
        tcp::socket client(io), ignored(io), ended(io);
        auto port = here.local_endpoint().port();
        client.connect(here.local_endpoint());
        auto served = here.accept();
        ended.connect(here.local_endpoint());
        auto served_no_more = here.accept();
        ended.close();
        ignored.connect(waiting.local_endpoint()); // and nobody accepts it
        socket_table table;
        std::vector<kernel::connection> open{{port, client.local_endpoint().port()}};
        BOOST_TEST((table.connections(port, port) == open));
        BOOST_TEST(table.connections(waiting.local_endpoint().port(), waiting.local_endpoint().port()).empty());
        auto all = table.connections(1, 65535);
        BOOST_TEST((std::find(all.begin(), all.end(), open[0]) != all.end()));
        auto by_file =
            procfs::parse_connections(procfs::read(address.is_v6() ? "/proc/net/tcp6" : "/proc/net/tcp", 64 << 20));
        std::erase_if(by_file, [&](auto& each) { return each.local != port; });
        BOOST_TEST((by_file == open));
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_has_ended_is_known_for_a_while_whichever_end_closed_it) {
    asio::io_context io;
    using asio::ip::tcp;
    socket_table table;
    if (!table.uses_netlink())
        return;
    for (auto& address : {asio::ip::make_address("127.0.0.1"), asio::ip::make_address("::1")})
        for (bool by_server : {true, false}) {
            tcp::acceptor here(io, {address, 0});
            auto port = here.local_endpoint().port();
            tcp::socket client(io);
            client.connect(here.local_endpoint());
            auto served = here.accept();
            auto from = client.local_endpoint().port();
            BOOST_TEST(table.ended(port, port).empty());
            (by_server ? served : client).close();
            char byte;
            boost::system::error_code ec;
            (by_server ? client : served).read_some(asio::buffer(&byte, 1), ec);
            (by_server ? client : served).close();
            std::vector<kernel::connection> expected{{port, from}};
            BOOST_TEST((table.ended(port, port) == expected));
            BOOST_TEST(table.connections(port, port).empty());
            auto wider = table.ended(static_cast<std::uint16_t>(port - 5), static_cast<std::uint16_t>(port + 5));
            BOOST_TEST((std::find(wider.begin(), wider.end(), expected[0]) != wider.end()));
            if (port > 2000) {
                BOOST_TEST(table.ended(1, 1000).empty());
            }
        }
}

BOOST_AUTO_TEST_CASE(connections_are_read_from_text) {
    std::string heading =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid timeout inode\n";
    std::string rest = " 00000000:00000000 00:00000000 00000000  1000        0 ";
    auto four = "   0: 0100007F:0C1C 0100007F:D431 01" + rest + "4711 1\n"; // 3100
    auto six =
        "   1: 00000000000000000000000001000000:0C1C 00000000000000000000000001000000:D432 01" + rest + "4712 1\n";
    auto listens = "   2: 0100007F:0C1C 00000000:0000 0A" + rest + "4713 1\n";
    auto not_accepted = "   3: 0100007F:0C1C 0100007F:D433 01" + rest + "0 1\n";
    std::vector<kernel::connection> both{{3100, 0xD431}, {3100, 0xD432}};
    BOOST_TEST((procfs::parse_connections(heading + four + six + listens + not_accepted) == both));
    for (std::string bad : {"", "\n", "heading\n   0: 0100007F 0100007F:D431 01", "heading\n\n\n"})
        BOOST_TEST(procfs::parse_connections(bad).empty());
}

BOOST_AUTO_TEST_SUITE_END()
