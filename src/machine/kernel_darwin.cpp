// macOS through libproc(3) and sysctl(3). Never run on a Mac: see docs/platforms.md. Everything that is decided from
// what this tells is shared with Linux.
#ifdef __APPLE__
#include "machine/kernel.hpp"
#include "machine/procargs.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <libproc.h>
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <sys/sysctl.h>
#include <unistd.h>

namespace berth::kernel {
namespace {

constexpr std::uint64_t nanoseconds = 1'000'000'000; // a second

/// A TCP socket that some process holds.
struct tcp_socket {
    int state = 0; // TSI_S_...
    in_sockinfo at{};
    std::uint64_t id() const { return at.insi_gencnt; } // unlike soi_so never given to another
    std::uint16_t local() const { return ntohs(static_cast<std::uint16_t>(at.insi_lport)); }
    std::uint16_t remote() const { return ntohs(static_cast<std::uint16_t>(at.insi_fport)); }
};

listener listener_of(const tcp_socket& socket) {
    listener l;
    l.port = socket.local();
    l.inode = socket.id();
    auto& six = socket.at.insi_laddr.ina_6;
    l.v6 = (socket.at.insi_vflag & INI_IPV6) != 0 && !IN6_IS_ADDR_V4MAPPED(&six);
    auto four = ntohl(socket.at.insi_laddr.ina_46.i46a_addr4.s_addr);
    if (l.v6 ? IN6_IS_ADDR_UNSPECIFIED(&six) : four == INADDR_ANY)
        l.where = bound_to::any;
    else if (l.v6 ? IN6_IS_ADDR_LOOPBACK(&six) : (four >> 24) == 127)
        l.where = bound_to::loopback;
    return l;
}

std::optional<rusage_info_v2> usage_of(int pid) {
    rusage_info_v2 usage{};
    if (::proc_pid_rusage(pid, RUSAGE_INFO_V2, reinterpret_cast<rusage_info_t*>(&usage)) != 0)
        return std::nullopt;
    return usage;
}

/// What an exec changes: the program's own number, and its name.
std::uint64_t program_of(const rusage_info_v2& usage, const std::string& name) {
    std::uint64_t first = 0, second = 0;
    std::memcpy(&first, usage.ri_uuid, sizeof first);
    std::memcpy(&second, usage.ri_uuid + sizeof first, sizeof second);
    return (first ^ second ^ std::hash<std::string>()(name)) | 1;
}

template <std::size_t N>
std::vector<kinfo_proc> ask_processes(std::array<int, N> what) {
    std::vector<kinfo_proc> all;
    std::size_t bytes = 0;
    if (::sysctl(what.data(), N, nullptr, &bytes, nullptr, 0) != 0)
        return all;
    all.resize(bytes / sizeof(kinfo_proc) + 64); // those that are born meanwhile
    bytes = all.size() * sizeof(kinfo_proc);
    if (::sysctl(what.data(), N, all.data(), &bytes, nullptr, 0) != 0)
        bytes = 0;
    all.resize(bytes / sizeof(kinfo_proc));
    return all;
}

class darwin_tables final : public tables {
public:
    darwin_tables() { ::mach_timebase_info(&timebase_); }

    std::uint64_t ticks_per_second() const override { return nanoseconds; }
    std::uint64_t page_size() const override { return static_cast<std::uint64_t>(::getpagesize()); }

    std::vector<process> all_processes() override {
        std::vector<process> all;
        for (auto& each : ask_processes(std::array{CTL_KERN, KERN_PROC, KERN_PROC_ALL}))
            if (auto p = read(each); !p.dead())
                all.push_back(std::move(p));
        return all;
    }

    std::optional<process> one_process(int pid) override {
        auto found = ask_processes(std::array{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid});
        if (found.empty() || found.front().kp_proc.p_pid != pid)
            return std::nullopt;
        auto p = read(found.front());
        if (p.dead())
            return std::nullopt;
        return p;
    }

    std::optional<pages> memory_of(int pid) override {
        auto usage = usage_of(pid);
        if (!usage)
            return std::nullopt;
        return pages{usage->ri_phys_footprint / page_size(), 0}; // shared files are not in it
    }

    std::string working_directory(int pid) override {
        proc_vnodepathinfo where{};
        if (::proc_pidinfo(pid, PROC_PIDVNODEPATHINFO, 0, &where, sizeof where) < static_cast<int>(sizeof where))
            return {};
        return where.pvi_cdir.vip_path;
    }

    std::string environment_of(int pid) override {
        std::array what{CTL_KERN, KERN_PROCARGS2, pid};
        std::string block(most_arguments(), '\0');
        auto bytes = block.size();
        if (::sysctl(what.data(), what.size(), block.data(), &bytes, nullptr, 0) != 0)
            return {};
        return std::string(variables_in(std::string_view(block).substr(0, bytes)));
    }

    bool is_ours(int pid) override {
        auto found = ask_processes(std::array{CTL_KERN, KERN_PROC, KERN_PROC_PID, pid});
        return !found.empty() && found.front().kp_eproc.e_ucred.cr_uid == ::geteuid();
    }

    std::vector<std::uint64_t> sockets_of(int pid, bool& readable) override {
        std::vector<std::uint64_t> all;
        readable = each_socket(pid, [&](const auto& socket) { all.push_back(socket.id()); });
        return all;
    }

    std::vector<listener> listeners() override {
        std::vector<listener> all;
        each_socket_once(TSI_S_LISTEN, [&](const auto& socket) { all.push_back(listener_of(socket)); });
        return all;
    }

    std::vector<connection> connections(std::uint16_t first, std::uint16_t last) override {
        std::vector<connection> all;
        each_socket_once(TSI_S_ESTABLISHED, [&](const auto& socket) {
            if (socket.local() >= first && socket.local() <= last)
                all.push_back({socket.local(), socket.remote()});
        });
        return all;
    }

    std::optional<std::vector<connection>> ended(std::uint16_t, std::uint16_t) override { return std::nullopt; }

    std::optional<cpu_time> processors() override {
        host_cpu_load_info_data_t load{};
        mach_msg_type_number_t count = HOST_CPU_LOAD_INFO_COUNT;
        auto* into = reinterpret_cast<host_info_t>(&load);
        if (::host_statistics(host_, HOST_CPU_LOAD_INFO, into, &count) != KERN_SUCCESS)
            return std::nullopt;
        cpu_time t;
        for (auto ticks : load.cpu_ticks)
            t.total += ticks;
        t.busy = t.total - load.cpu_ticks[CPU_STATE_IDLE];
        return t;
    }

    memory machine_memory() override {
        memory m;
        std::uint64_t bytes = 0;
        std::size_t size = sizeof bytes;
        ::sysctlbyname("hw.memsize", &bytes, &size, nullptr, 0);
        m.total_kb = bytes / 1024;
        vm_statistics64_data_t of{};
        mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
        auto* into = reinterpret_cast<host_info64_t>(&of);
        if (::host_statistics64(host_, HOST_VM_INFO64, into, &count) == KERN_SUCCESS)
            m.available_kb = (std::uint64_t{of.free_count} + of.inactive_count) * page_size() / 1024;
        return m;
    }

private:
    process read(const kinfo_proc& from) const {
        process p;
        p.pid = from.kp_proc.p_pid;
        p.name = readable_name(from.kp_proc.p_comm);
        p.state = from.kp_proc.p_stat == SZOMB ? 'Z' : 'S';
        p.parent = from.kp_eproc.e_ppid;
        p.group = from.kp_eproc.e_pgid;
        p.session = ::getsid(p.pid);
        auto& begun = from.kp_proc.p_starttime;
        p.started = static_cast<std::uint64_t>(begun.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(begun.tv_usec);
        if (auto usage = usage_of(p.pid)) {
            p.ticks = (usage->ri_user_time + usage->ri_system_time) * timebase_.numer / timebase_.denom;
            p.stack = program_of(*usage, p.name);
        }
        return p;
    }

    static std::size_t most_arguments() {
        int bytes = 0;
        std::size_t size = sizeof bytes;
        return ::sysctlbyname("kern.argmax", &bytes, &size, nullptr, 0) == 0 && bytes > 0
                   ? static_cast<std::size_t>(bytes)
                   : std::size_t{1} << 20;
    }

    /// False when its descriptors cannot be read.
    template <class F>
    static bool each_socket(int pid, F take) {
        int bytes = ::proc_pidinfo(pid, PROC_PIDLISTFDS, 0, nullptr, 0);
        if (bytes <= 0)
            return false;
        std::vector<proc_fdinfo> open(static_cast<std::size_t>(bytes) / sizeof(proc_fdinfo) + 16);
        bytes =
            ::proc_pidinfo(pid, PROC_PIDLISTFDS, 0, open.data(), static_cast<int>(open.size() * sizeof(proc_fdinfo)));
        if (bytes <= 0)
            return false;
        open.resize(static_cast<std::size_t>(bytes) / sizeof(proc_fdinfo));
        for (auto& each : open) {
            socket_fdinfo about{};
            if (each.proc_fdtype != PROX_FDTYPE_SOCKET ||
                ::proc_pidfdinfo(pid, each.proc_fd, PROC_PIDFDSOCKETINFO, &about, sizeof about) <
                    static_cast<int>(sizeof about) ||
                about.psi.soi_kind != SOCKINFO_TCP)
                continue;
            auto& tcp = about.psi.soi_proto.pri_tcp;
            take(tcp_socket{tcp.tcpsi_state, tcp.tcpsi_ini});
        }
        return true;
    }

    /// Of the user's own processes: others' descriptors cannot be read, and the kernel has no list that needs no
    /// privilege. Once each, also where it was handed on.
    template <class F>
    static void each_socket_once(int state, F take) {
        std::vector<std::uint64_t> seen;
        for (auto& each : ask_processes(std::array{CTL_KERN, KERN_PROC, KERN_PROC_UID, static_cast<int>(::geteuid())}))
            each_socket(each.kp_proc.p_pid, [&](const tcp_socket& socket) {
                if (socket.state != state || std::find(seen.begin(), seen.end(), socket.id()) != seen.end())
                    return;
                seen.push_back(socket.id());
                take(socket);
            });
    }

    mach_timebase_info_data_t timebase_{1, 1};
    mach_port_t host_ = ::mach_host_self();
};

} // namespace

std::unique_ptr<tables> open_tables() { return std::make_unique<darwin_tables>(); }

} // namespace berth::kernel
#endif
