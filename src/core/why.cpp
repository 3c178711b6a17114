#include "core/why.hpp"

#include "core/names.hpp"
#include "core/output_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth {
namespace {

constexpr std::size_t most_lines = 20;
constexpr std::size_t longest_line = 400; // bytes

/// "src/app/page.tsx:70: Expression expected", as one sentence.
std::string told(const page& p) {
    if (!p.first)
        return fmt::format("{} errors", p.errors);
    auto text = p.first->title;
    if (auto place = p.first->place(); !place.empty())
        text = place + ": " + text;
    if (p.errors > 1)
        text += fmt::format(" (and {} more)", p.errors - 1);
    return text;
}

std::string online_sentence(const app& a) {
    auto sentence = "It is online at " + a.url();
    if (!a.page)
        sentence += "; whether its pages work, its dev server does not tell (Next 16 and later do).";
    else if (a.page->state == page::condition::working)
        sentence += " and its pages work.";
    else if (a.page->state == page::condition::broken)
        sentence += ", but its page is broken: " + told(*a.page) + ".";
    else
        sentence += "; whether its pages work is not known: " + a.page->reason.value_or("it was not asked.");
    if (a.status_reason)
        sentence += ' ' + *a.status_reason;
    return sentence;
}

std::string sentence_of(const app& a) {
    switch (a.status) {
    case status::online:
        return online_sentence(a);
    case status::launching:
        return a.status_reason.value_or("It is starting.");
    case status::errored:
        return a.status_reason.value_or("It has crashed.");
    case status::stopped:
        return a.status_reason.value_or(a.started_at ? "It is stopped, as somebody asked for."
                                                     : "It was never started.");
    case status::unknown:
        break;
    }
    return a.status_reason.value_or("How it is, is not known.");
}

/// The package that "Can't resolve 'x'" means; none where it is a file of the app's own.
std::optional<std::string> missing_package(std::string_view title) {
    constexpr std::string_view words = "Can't resolve '";
    auto at = title.find(words);
    if (at == title.npos)
        return {};
    title.remove_prefix(at + words.size());
    auto name = title.substr(0, title.find('\''));
    if (name.empty() || name.starts_with('.') || name.starts_with('/') || name.starts_with("@/") ||
        name.starts_with('~') || name.starts_with('#'))
        return {};
    auto end = name.find('/');
    if (name.starts_with('@') && end != name.npos)
        end = name.find('/', end + 1);
    return std::string(name.substr(0, end));
}

void hint_at_page(const app& a, std::vector<std::string>& hints) {
    auto& p = *a.page;
    if (p.state == page::condition::unchecked)
        hints.push_back(fmt::format("Open {} or run `berth check {}`: then its dev server is asked.", a.url(), a.id));
    if (p.state != page::condition::broken || !p.first)
        return;
    if (auto package = missing_package(p.first->title))
        hints.push_back(fmt::format("If {} is a package, install it with {} in {}.", in_quotes(*package),
                                    a.package_manager.value_or("npm"), a.directory()));
    if (p.first->file)
        hints.push_back(fmt::format("Mend {}; the page is checked again once it is saved.", p.first->place()));
}

bool mentions(std::string_view text, std::string_view words) { return text.find(words) != text.npos; }

void hint_at_crash(const app& a, const std::vector<std::string>& words, std::vector<std::string>& hints) {
    auto reason = a.status_reason.value_or("");
    bool no_package = mentions(reason, "not found") || mentions(reason, "Cannot find module");
    for (auto& line : words)
        no_package = no_package || mentions(line, ": not found") || mentions(line, "Cannot find module");
    if (mentions(reason, "is in use"))
        hints.push_back("End the process that holds the port, or give the app another port in manifest.json.");
    else if (no_package)
        hints.push_back(fmt::format("If its dependencies are not installed, run `{} install` in {}.",
                                    a.package_manager.value_or("npm"), a.directory()));
    hints.push_back(fmt::format("Read all that it printed: berth logs {}", a.id));
    hints.push_back(fmt::format("Start it again: berth restart {}", a.id));
}

} // namespace

bool is_in_trouble(const app& a) {
    if (a.status == status::online)
        return (a.page && a.page->state == page::condition::broken) || a.status_reason;
    return a.status != status::stopped;
}

std::vector<std::string> last_lines_of(std::string_view output) {
    std::vector<std::string> lines;
    while (!output.empty() && lines.size() < most_lines) {
        if (output.ends_with('\n'))
            output.remove_suffix(1);
        auto begin = output.rfind('\n') + 1; // 0 where there is none
        auto line = plain_line(output.substr(begin), longest_line);
        if (line.find_first_not_of(' ') != line.npos)
            lines.push_back(std::move(line));
        output = output.substr(0, begin);
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

why_report explain(const app& a, std::string_view output) {
    why_report report;
    report.status = a.status;
    report.sentence = sentence_of(a);
    report.exit_code = a.exit_code;
    report.exit_signal = a.exit_signal;
    report.page = a.page;
    if (is_in_trouble(a))
        report.last_words = last_lines_of(output);
    if (a.page)
        hint_at_page(a, report.hints);
    if (a.status == status::errored)
        hint_at_crash(a, report.last_words, report.hints);
    if (a.asleep)
        report.hints.push_back(fmt::format("Open {} or run `berth wake {}`: it wakes.", a.url(), a.id));
    else if (a.status == status::stopped)
        report.hints.push_back(fmt::format("Start it: berth start {}", a.id));
    if (a.status == status::unknown)
        report.hints.push_back(fmt::format("Register it with pm2 anew: berth restart {} (berth doctor tells how pm2 "
                                           "is).",
                                           a.id));
    return report;
}

nlohmann::ordered_json to_json(const why_report& report) {
    nlohmann::ordered_json exit;
    if (report.exit_code || report.exit_signal) {
        exit = {{"code", nullptr}, {"signal", nullptr}};
        if (report.exit_code)
            exit["code"] = *report.exit_code;
        if (report.exit_signal)
            exit["signal"] = *report.exit_signal;
    }
    return {{"status", to_string(report.status)}, {"sentence", report.sentence},    {"exit", std::move(exit)},
            {"page", to_json(report.page)},       {"lastWords", report.last_words}, {"hints", report.hints}};
}

} // namespace berth
