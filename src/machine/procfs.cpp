#ifdef __linux__
#include "machine/procfs.hpp"

#include <array>
#include <charconv>
#include <filesystem>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::procfs {

using kernel::bound_to;
using kernel::readable_name;

namespace {

/// Takes the next word, separated by blanks.
std::string_view next_word(std::string_view& text) {
    auto begin = text.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos)
        return {};
    text.remove_prefix(begin);
    auto word = text.substr(0, text.find_first_of(" \t\n"));
    text.remove_prefix(word.size());
    return word;
}

template <class Integer>
bool parse(std::string_view word, Integer& value, int base = 10) {
    auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    return failed == std::errc() && end == word.data() + word.size();
}

constexpr std::string_view mapped = "0000000000000000FFFF0000"; // ::ffff:0:0/96, as /proc/net/tcp6 has it

// An address of /proc/net/tcp: hexadecimal, each group of four bytes in the machine's byte order.
bound_to read_address(std::string_view address, bool v6) {
    constexpr std::string_view any4 = "00000000", any6 = "00000000000000000000000000000000",
                               loopback6 = "00000000000000000000000001000000";
    if (address == (v6 ? any6 : any4))
        return bound_to::any;
    bool loopback = v6 ? address == loopback6 : address.ends_with("7F"); // 127.0.0.0/8, little-endian
    return loopback ? bound_to::loopback : bound_to::network;
}

/// Closes a descriptor at the end of the scope.
struct closing {
    int fd;
    ~closing() {
        if (fd >= 0)
            ::close(fd);
    }
};

/// Calls back with each entry of a directory that is a number.
template <class F>
bool each_number(const std::string& path, F&& f) {
    DIR* directory = ::opendir(path.c_str());
    if (!directory)
        return false;
    while (auto* entry = ::readdir(directory)) {
        int number = 0;
        if (parse(std::string_view(entry->d_name), number))
            f(number);
    }
    ::closedir(directory);
    return true;
}

std::string link_target(const std::string& path) {
    std::array<char, 4096> target;
    auto size = ::readlink(path.c_str(), target.data(), target.size());
    return size < 0 ? std::string() : std::string(target.data(), static_cast<std::size_t>(size));
}

std::string of(int pid, const char* file) { return "/proc/" + std::to_string(pid) + '/' + file; }

} // namespace

std::optional<process> parse_stat(std::string_view text) {
    // The name is in parentheses and may hold any byte, ") (" too: what counts is the last parenthesis.
    auto open = text.find('('), close = text.rfind(')');
    process p;
    if (open == std::string_view::npos || close == std::string_view::npos || close < open || open < 2 ||
        !parse(text.substr(0, open - 1), p.pid))
        return std::nullopt;
    p.name = text.substr(open + 1, close - open - 1);
    text.remove_prefix(close + 1);
    std::array<std::string_view, 26> fields; // from field 3, the state, to field 28, startstack
    for (auto& each : fields)
        each = next_word(text);
    std::uint64_t user = 0, system = 0;
    if (fields[0].size() != 1 || !parse(fields[1], p.parent) || !parse(fields[2], p.group) ||
        !parse(fields[3], p.session) || !parse(fields[11], user) || !parse(fields[12], system) ||
        !parse(fields[19], p.started) || !parse(fields[25], p.stack))
        return std::nullopt;
    p.state = fields[0][0];
    p.ticks = user + system;
    return p;
}

std::vector<listener> parse_net_tcp(std::string_view text, bool v6) {
    std::vector<listener> found;
    text.remove_prefix(std::min(text.size(), text.find('\n'))); // the heading
    while (!text.empty()) {
        text.remove_prefix(1);
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size());
        std::array<std::string_view, 10> words; // sl local remote state tx:rx tr:when retrnsmt uid timeout inode
        for (auto& each : words)
            each = next_word(line);
        auto colon = words[1].find(':');
        listener l;
        l.v6 = v6;
        if (words[3] != "0A" || colon == std::string_view::npos || !parse(words[1].substr(colon + 1), l.port, 16) ||
            !parse(words[9], l.inode))
            continue;
        auto address = words[1].substr(0, colon);
        if (v6 && address.starts_with(mapped)) {
            address.remove_prefix(mapped.size());
            l.v6 = false;
        }
        l.where = read_address(address, l.v6);
        found.push_back(l);
    }
    return found;
}

std::vector<connection> parse_connections(std::string_view text) {
    std::vector<connection> found;
    text.remove_prefix(std::min(text.size(), text.find('\n'))); // the heading
    while (!text.empty()) {
        text.remove_prefix(1);
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size());
        std::array<std::string_view, 10> words; // as above
        for (auto& each : words)
            each = next_word(line);
        auto port_of = [](std::string_view address, std::uint16_t& port) {
            auto colon = address.find(':');
            return colon != std::string_view::npos && parse(address.substr(colon + 1), port, 16);
        };
        connection c;
        if (words[3] == "01" && words[9] != "0" && port_of(words[1], c.local) && port_of(words[2], c.remote))
            found.push_back(c);
    }
    return found;
}

std::optional<pages> parse_statm(std::string_view text) {
    next_word(text); // the size of its address space
    pages p;
    if (!parse(next_word(text), p.resident) || !parse(next_word(text), p.shared))
        return std::nullopt;
    return p;
}

std::optional<std::uint64_t> parse_socket_link(std::string_view link) {
    std::uint64_t inode = 0;
    if (!link.starts_with("socket:[") || !link.ends_with(']') || !parse(link.substr(8, link.size() - 9), inode))
        return std::nullopt;
    return inode;
}

std::optional<cpu_time> parse_cpu(std::string_view text) {
    if (next_word(text) != "cpu")
        return std::nullopt;
    cpu_time t;
    for (int field = 0; field < 8;
         ++field) { // user nice system idle iowait irq softirq steal; guest is in user already
        std::uint64_t ticks = 0;
        if (!parse(next_word(text), ticks))
            return std::nullopt;
        t.total += ticks;
        if (field != 3 && field != 4)
            t.busy += ticks;
    }
    return t;
}

memory parse_meminfo(std::string_view text) {
    memory m;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        auto name = next_word(line);
        if (name == "MemTotal:")
            parse(next_word(line), m.total_kb);
        else if (name == "MemAvailable:")
            parse(next_word(line), m.available_kb);
    }
    return m;
}

std::string read(const std::string& path, std::size_t limit) {
    closing file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    std::string text;
    std::array<char, 4096> buffer;
    while (file.fd >= 0 && text.size() < limit) {
        auto size = ::read(file.fd, buffer.data(), std::min(buffer.size(), limit - text.size()));
        if (size <= 0)
            break;
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
}

std::optional<process> one_process(int pid) {
    auto p = parse_stat(read(of(pid, "stat")));
    if (!p || p->dead())
        return std::nullopt;
    p->name = readable_name(p->name);
    if (p->name.empty())
        p->name = std::filesystem::path(link_target(of(pid, "exe"))).filename().string();
    return p;
}

std::vector<process> all_processes() {
    std::vector<process> all;
    each_number("/proc", [&](int pid) {
        if (auto p = one_process(pid))
            all.push_back(std::move(*p));
    });
    return all;
}

std::optional<pages> memory_of(int pid) { return parse_statm(read(of(pid, "statm"))); }

std::string working_directory(int pid) { return link_target(of(pid, "cwd")); }

bool is_ours(int pid) {
    struct stat s;
    return ::stat(("/proc/" + std::to_string(pid)).c_str(), &s) == 0 && s.st_uid == ::geteuid();
}

std::vector<std::uint64_t> socket_inodes(int pid, bool* readable) {
    std::vector<std::uint64_t> inodes;
    auto folder = of(pid, "fd");
    bool opened = each_number(folder, [&](int fd) {
        if (auto inode = parse_socket_link(link_target(folder + '/' + std::to_string(fd))))
            inodes.push_back(*inode);
    });
    if (readable)
        *readable = opened;
    return inodes;
}

} // namespace berth::procfs
#endif
