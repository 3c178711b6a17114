#include "net/api/metrics.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace berth::net {
namespace {

/// The text format's escapes for a label's value.
std::string escaped(std::string_view value) {
    std::string text;
    for (char c : value)
        if (c == '\\' || c == '"')
            (text += '\\') += c;
        else if (c == '\n')
            text += "\\n";
        else
            text += c;
    return text;
}

class writer {
public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        fmt::format_to(std::back_inserter(out_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
        name_ = name;
    }
    template <class T>
    void value(T number, std::string_view labels = {}) {
        if (labels.empty())
            fmt::format_to(std::back_inserter(out_), "{} {}\n", name_, number);
        else
            fmt::format_to(std::back_inserter(out_), "{}{{{}}} {}\n", name_, labels, number);
    }
    template <class T>
    void single(std::string_view name, std::string_view type, std::string_view help, T number) {
        family(name, type, help);
        value(number);
    }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
    std::string_view name_;
};

void write_apps(writer& w, const apps_view& apps) {
    w.family("berth_apps", "gauge", "Apps by status.");
    for (auto s : {status::online, status::launching, status::errored, status::stopped, status::unknown}) {
        auto n = std::count_if(apps.apps.begin(), apps.apps.end(), [s](auto& a) { return a->app.status == s; });
        w.value(n, fmt::format("status=\"{}\"", to_string(s)));
    }
    auto asleep = std::count_if(apps.apps.begin(), apps.apps.end(), [](auto& a) { return a->app.asleep.has_value(); });
    w.single("berth_apps_asleep", "gauge", "Apps that sleep until they are opened; stopped by their status.", asleep);
    auto each = [&](auto number_of) {
        for (auto& a : apps.apps)
            w.value(number_of(a->app), fmt::format("id=\"{}\",name=\"{}\"", a->app.id, escaped(a->app.name)));
    };
    w.family("berth_app_memory_bytes", "gauge", "Resident memory of an app's process tree.");
    each([](const app& a) { return std::int64_t(a.memory_mb) * 1024 * 1024; });
    w.family("berth_app_cpu_cores", "gauge", "CPU use of an app's process tree; 1 is one core.");
    each([](const app& a) { return a.cpu_percent / 100; });
    w.family("berth_app_restarts_total", "counter", "Restarts that pm2 counts.");
    each([](const app& a) { return a.restarts; });
    w.family("berth_app_page_broken", "gauge", "1 when an app's page is known to show an error.");
    each([](const app& a) { return a.page && a.page->state == page::condition::broken ? 1 : 0; });
}

void write_requests(writer& w, const request_counters& requests) {
    w.family("berth_http_requests_total", "counter", "Requests answered, by call and class of status.");
    for (std::size_t e = 0; e < endpoint_count; ++e)
        for (int c = 1; c <= 5; ++c)
            if (auto n = requests.of(static_cast<endpoint>(e), c))
                w.value(n, fmt::format("route=\"{}\",status=\"{}xx\"", to_string(static_cast<endpoint>(e)), c));
}

} // namespace

std::string format_metrics(const figures& f) {
    writer w;
    write_apps(w, f.apps);
    w.single("berth_syncs_total", "counter", "Syncs with pm2.", f.syncs.count);
    w.single("berth_sync_failures_total", "counter", "Syncs that failed.", f.syncs.failed);
    w.single("berth_sync_last_seconds", "gauge", "How long the last sync took.", f.syncs.last_ms / 1000);
    w.single("berth_pm2_calls_total", "counter", "Requests sent to pm2.", f.pm2.calls);
    w.single("berth_pm2_connected", "gauge", "1 when pm2 answers.", f.pm2.connected ? 1 : 0);
    w.single("berth_bridge_restarts_total", "counter", "How often the bridge to pm2 was started again.",
             f.pm2.bridge_restarts);
    w.single("berth_operations", "gauge", "Creates under way.", f.operations);
    w.single("berth_orphans", "gauge", "Processes in Berth's pm2 namespace that belong to no app.", f.orphans);
    w.single("berth_problems", "gauge", "Standing problems.", f.problems);
    write_requests(w, f.requests);
    w.single("berth_http_connections", "gauge", "Open connections, WebSockets among them.", f.connections);
    w.single("berth_websocket_clients", "gauge", "Connected WebSocket clients.", f.clients);
    w.single("berth_uptime_seconds", "gauge", "How long the server has run.", f.uptime_seconds);
    w.single("process_start_time_seconds", "gauge", "When the server started, seconds since 1970.",
             double(f.started_at) / 1000);
    if (f.resident_bytes > 0)
        w.single("process_resident_memory_bytes", "gauge", "Resident memory of the server.", f.resident_bytes);
    return w.take();
}

std::uint64_t resident_memory() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t pages = 0, resident = 0;
    statm >> pages >> resident;
    return statm ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

} // namespace berth::net
