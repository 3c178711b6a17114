#include "next/page_answer.hpp"

#include "core/json_watch.hpp"
#include "core/names.hpp"
#include "core/output_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace berth {
namespace {

using json = nlohmann::json;
using enum page_answer::outcome;

constexpr std::string_view workspace = "[project]/";
constexpr int deepest = 100;

page_answer only(page_answer::outcome what, std::string why = {}) {
    page_answer answer;
    answer.what = what;
    answer.why = std::move(why);
    return answer;
}

page_answer garbage() { return only(failed, "Its dev server gave an answer that cannot be read."); }

/// At most so many code points.
std::string cut(std::string text, std::size_t points) {
    for (std::size_t at = 0; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && points-- == 0) {
            text.resize(at);
            return text + "…";
        }
    return text;
}

std::string one_line(std::string_view told) {
    std::string text;
    while (!told.empty()) {
        auto line = plain_line(told.substr(0, told.find('\n')), 4 * longest_title);
        told.remove_prefix(std::min(told.size(), told.substr(0, told.find('\n')).size() + 1));
        auto begin = line.find_first_not_of(' ');
        if (begin == line.npos)
            continue;
        text += (text.empty() ? "" : " ") + line.substr(begin);
        if (text.size() > 4 * longest_title)
            break;
    }
    return cut(std::move(text), longest_title);
}

/// Next writes what it emphasizes as Markdown: "**Module not found**: Can't resolve `'x'`".
std::string unmarked(std::string text) {
    for (std::string_view mark : {"**", "`"})
        for (auto begin = text.find(mark); begin != text.npos;) {
            auto end = text.find(mark, begin + mark.size());
            if (end == text.npos)
                break;
            text.erase(end, mark.size());
            text.erase(begin, mark.size());
            begin = text.find(mark, end - mark.size());
        }
    return text;
}

std::optional<std::string> frame_of(std::string_view told) {
    std::string text;
    while (!told.empty() && text.size() < longest_frame) {
        auto raw = told.substr(0, told.find('\n'));
        told.remove_prefix(std::min(told.size(), raw.size() + 1));
        auto room = longest_frame - text.size();
        text += plain_line(raw, room - 1) + '\n';
    }
    while (text.ends_with('\n'))
        text.pop_back();
    if (text.empty())
        return {};
    return text;
}

const json& at(const json& object, const char* key) {
    static const json nothing;
    if (!object.is_object())
        return nothing;
    auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text_at(const json& object, const char* key) {
    auto& value = at(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<int> number_at(const json& object, const char* key) {
    auto& value = at(object, key);
    if (!value.is_number_integer() && !value.is_number_unsigned())
        return {};
    auto number = value.get<std::int64_t>();
    if (number < 0 || number > 100'000'000)
        return {};
    return static_cast<int>(number);
}

json parse(std::string_view text) {
    json_watch watch(deepest);
    auto value = json::parse(text, std::ref(watch), false);
    return watch.wrong().empty() ? value : json(json::value_t::discarded);
}

/// The JSON-RPC answer: the body, or the first event that holds one. Lines may end with \r\n, \n or \r.
json envelope(std::string_view type, std::string_view body) {
    if (!type.starts_with("text/event-stream"))
        return parse(body);
    std::string data;
    bool has_data = false;
    while (!body.empty()) {
        auto line = body.substr(0, body.find_first_of("\r\n"));
        body.remove_prefix(line.size());
        body.remove_prefix(body.starts_with("\r\n") ? 2 : std::min<std::size_t>(body.size(), 1));
        if (line.starts_with("data:")) {
            line.remove_prefix(line.starts_with("data: ") ? 6 : 5);
            if (std::exchange(has_data, true))
                data += '\n';
            data += line;
            if (!body.empty())
                continue;
        }
        bool ends = line.empty() || body.empty();
        if (!ends || !has_data)
            continue;
        auto value = parse(data);
        if (value.is_object() && (value.contains("result") || value.contains("error")))
            return value;
        data.clear();
        has_data = false;
    }
    return json(json::value_t::discarded);
}

/// The line that the frame points at: "> 70 | <p>".
std::optional<int> marked_line(std::string_view frame) {
    while (!frame.empty()) {
        auto line = frame.substr(0, frame.find('\n'));
        frame.remove_prefix(std::min(frame.size(), line.size() + 1));
        auto begin = line.find_first_not_of(' ');
        if (begin == line.npos || line[begin] != '>')
            continue;
        begin = line.find_first_not_of(' ', begin + 1);
        if (begin == line.npos)
            continue;
        int number = 0;
        auto end = line.data() + line.size();
        auto [rest, wrong] = std::from_chars(line.data() + begin, end, number);
        if (wrong == std::errc() && rest != end && (*rest == ' ' || *rest == '|'))
            return number;
    }
    return {};
}

std::optional<int> at_least_one(std::optional<int> number) {
    if (number && *number < 1)
        return {};
    return number;
}

/// Next counts lines and columns from 1 here; versions before it did counted from 0, which the frame gives away.
void place(page_issue& issue, const json& start) {
    auto line = number_at(start, "line"), column = number_at(start, "column");
    auto marked = issue.frame ? marked_line(*issue.frame) : std::nullopt;
    bool from_zero = line && (*line == 0 || (marked && *marked == *line + 1));
    if (from_zero) {
        ++*line;
        if (column)
            ++*column;
    }
    issue.line = at_least_one(line);
    issue.column = issue.line ? at_least_one(column) : std::nullopt;
}

void name_file(page_issue& issue, std::string_view told, const std::filesystem::path& directory) {
    auto path = plain_line(told.substr(0, told.find('\n')), 1024);
    if (!path.empty() && !path.starts_with('<'))
        issue.file = read_path(path, directory);
}

void add(page_answer& answer, page_issue issue) {
    ++answer.errors;
    if (issue.title.empty())
        issue.title = "An error without words";
    if (!answer.first)
        answer.first = std::move(issue);
}

bool is_error(std::string_view severity) { return severity == "error" || severity == "fatal" || severity == "bug"; }

page_answer read_issues(const json& told, const std::filesystem::path& directory) {
    auto& issues = at(told, "issues");
    if (!issues.is_array())
        return garbage();
    auto answer = only(page_answer::outcome::told);
    for (auto& each : issues) {
        if (!is_error(text_at(each, "severity")))
            continue;
        page_issue issue;
        issue.title = unmarked(one_line(text_at(each, "title")));
        issue.frame = frame_of(text_at(each, "codeFrame"));
        auto& source = at(each, "source");
        auto path = text_at(source, "filePath");
        name_file(issue, path.empty() ? text_at(each, "filePath") : path, directory);
        place(issue, at(at(source, "range"), "start"));
        add(answer, std::move(issue));
    }
    return answer;
}

/// Errors that end what a page shows. What it wrote to its console, and what React has mended by itself, do not.
page_answer read_sessions(const json& told, const std::filesystem::path& directory) {
    auto& sessions = at(told, "sessionErrors");
    if (!sessions.is_array())
        return garbage();
    auto answer = only(page_answer::outcome::told);
    for (auto& session : sessions) {
        if (auto words = text_at(session, "buildError"); !words.empty()) {
            page_issue issue;
            issue.title = one_line(words);
            add(answer, std::move(issue));
        }
        auto& errors = at(session, "runtimeErrors");
        for (std::size_t i = 0; errors.is_array() && i < errors.size(); ++i) {
            auto type = text_at(errors[i], "type");
            if (type == "console" || type == "recoverable")
                continue;
            page_issue issue;
            auto name = text_at(errors[i], "errorName"), message = text_at(errors[i], "message");
            issue.title = one_line(message.starts_with(name + ":") || name.empty() ? message : name + ": " + message);
            auto& stack = at(errors[i], "stack");
            if (stack.is_array() && !stack.empty()) {
                name_file(issue, text_at(stack[0], "file"), directory);
                issue.line = at_least_one(number_at(stack[0], "line"));
                issue.column = issue.line ? at_least_one(number_at(stack[0], "column")) : std::nullopt;
            }
            add(answer, std::move(issue));
        }
    }
    return answer;
}

/// Of a tool that says why it cannot answer: no tab is open, the tab is asleep, webpack instead of Turbopack.
bool has_nobody_to_tell(std::string_view why) {
    static constexpr auto known = std::to_array<std::string_view>(
        {"No browser sessions", "Timeout waiting for response from frontend", "requires the Turbopack"});
    return std::any_of(known.begin(), known.end(), [&](auto words) { return why.find(words) != why.npos; });
}

bool is_unknown_tool(std::string_view why) {
    return why.find("-32602") != why.npos || why.find("not found") != why.npos || why.find("Unknown tool") != why.npos;
}

std::string decoded(std::string_view url) {
    std::string text;
    for (std::size_t i = 0; i < url.size(); ++i) {
        unsigned byte = 0;
        bool escaped = url[i] == '%' && i + 2 < url.size() &&
                       std::from_chars(url.data() + i + 1, url.data() + i + 3, byte, 16).ptr == url.data() + i + 3;
        text += escaped ? static_cast<char>(byte) : url[i];
        i += escaped ? 2 : 0;
    }
    return printable_text(text);
}

} // namespace

std::string question_text(page_question question) {
    auto tool = question == page_question::compile ? "get_compilation_issues" : "get_errors";
    return json{{"jsonrpc", "2.0"},
                {"id", 1},
                {"method", "tools/call"},
                {"params", {{"name", tool}, {"arguments", json::object()}}}}
        .dump();
}

std::string read_path(std::string_view told, const std::filesystem::path& directory) {
    constexpr std::string_view scheme = "file://";
    std::string path(told);
    if (auto file = path.rfind(scheme); file != path.npos)
        path = decoded(std::string_view(path).substr(file + scheme.size()));
    if (auto query = path.find('?'); query != path.npos)
        path.resize(query); // of a module made anew
    auto folder = directory.generic_string() + '/';
    if (path.starts_with(folder) && path.size() > folder.size())
        return path.substr(folder.size());
    if (path.starts_with(workspace) && path.size() > workspace.size())
        path.erase(0, workspace.size());
    while (path.starts_with("./") && path.size() > 2)
        path.erase(0, 2);
    return path;
}

page_answer parse_answer(int status, std::string_view content_type, std::string_view body, page_question question,
                         const std::filesystem::path& directory) {
    bool is_ours = content_type.starts_with("application/json") || content_type.starts_with("text/event-stream");
    if (status >= 500 && status < 600)
        return only(failed, "Its dev server answered with an error (" + std::to_string(status) + ").");
    if (status != 200 || !is_ours)
        return only(no_endpoint);
    auto answer = envelope(content_type, body);
    if (!answer.is_object() || text_at(answer, "jsonrpc") != "2.0")
        return garbage();
    if (auto& error = at(answer, "error"); error.is_object()) {
        auto code = number_at(error, "code");
        auto& value = at(error, "code");
        bool unknown = !code && value.is_number_integer() && value.get<std::int64_t>() == -32602;
        return unknown ? only(tells_nothing) : only(failed, "Its dev server refused the question.");
    }
    auto& content = at(at(answer, "result"), "content");
    if (!content.is_array() || content.empty())
        return garbage();
    auto text = text_at(content[0], "text");
    if (at(at(answer, "result"), "isError") == json(true))
        return is_unknown_tool(text) ? only(tells_nothing) : only(failed, "Its dev server could not tell.");
    auto told = parse(text);
    if (!told.is_object())
        return garbage();
    if (auto why = text_at(told, "error"); !why.empty())
        return has_nobody_to_tell(why) ? only(tells_nothing)
                                       : only(failed, "Its dev server could not tell: " + one_line(why));
    return question == page_question::compile ? read_issues(told, directory) : read_sessions(told, directory);
}

bool shows_request(std::string_view output) {
    static constexpr auto methods =
        std::to_array<std::string_view>({"GET ", "POST ", "HEAD ", "PUT ", "PATCH ", "DELETE ", "OPTIONS "});
    bool shown = false;
    while (!output.empty()) {
        auto raw = output.substr(0, output.find('\n'));
        output.remove_prefix(std::min(output.size(), raw.size() + 1));
        if (raw.size() > 16 * 1024)
            continue;
        auto plain = plain_line(raw, raw.size());
        std::string_view line = plain;
        line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
        if (line.starts_with("▲ Next.js"))
            shown = false; // it has started: what stands before is of an earlier run
        auto method = std::find_if(methods.begin(), methods.end(), [&](auto word) { return line.starts_with(word); });
        if (method == methods.end())
            continue;
        line.remove_prefix(method->size());
        auto path = line.substr(0, line.find(' '));
        line.remove_prefix(path.size());
        // " 200 in 12ms": a status and a time
        bool status = line.size() > 8 && line[0] == ' ' && line.substr(4, 4) == " in " &&
                      std::all_of(line.begin() + 1, line.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
        if (status && path.starts_with('/') && !path.starts_with("/_next/"))
            shown = true;
    }
    return shown;
}

} // namespace berth
