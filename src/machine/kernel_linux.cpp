#ifdef __linux__
#include "machine/kernel.hpp"
#include "machine/procfs.hpp"
#include "machine/sock_diag.hpp"

#include <unistd.h>

namespace berth::kernel {
namespace {

class linux_tables final : public tables {
public:
    std::uint64_t ticks_per_second() const override { return ticks_per_second_; }
    std::uint64_t page_size() const override { return page_size_; }

    std::vector<process> all_processes() override { return procfs::all_processes(); }
    std::optional<process> one_process(int pid) override { return procfs::one_process(pid); }
    std::optional<pages> memory_of(int pid) override { return procfs::memory_of(pid); }
    std::string working_directory(int pid) override { return procfs::working_directory(pid); }
    std::string environment_of(int pid) override { return procfs::read("/proc/" + std::to_string(pid) + "/environ"); }
    bool is_ours(int pid) override { return procfs::is_ours(pid); }
    std::vector<std::uint64_t> sockets_of(int pid, bool& readable) override {
        return procfs::socket_inodes(pid, &readable);
    }

    std::vector<listener> listeners() override { return sockets_.listeners(); }
    std::vector<connection> connections(std::uint16_t first, std::uint16_t last) override {
        return sockets_.connections(first, last);
    }
    std::optional<std::vector<connection>> ended(std::uint16_t first, std::uint16_t last) override {
        return sockets_.ended(first, last);
    }

    std::optional<cpu_time> processors() override { return procfs::parse_cpu(procfs::read("/proc/stat", 4096)); }
    memory machine_memory() override { return procfs::parse_meminfo(procfs::read("/proc/meminfo", 4096)); }

private:
    socket_table sockets_;
    std::uint64_t ticks_per_second_ = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    std::uint64_t page_size_ = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
};

} // namespace

std::unique_ptr<tables> open_tables() { return std::make_unique<linux_tables>(); }

} // namespace berth::kernel
#endif
