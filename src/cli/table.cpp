#include "cli/table.hpp"

#include "cli/text.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace berth::cli {
namespace {

constexpr std::size_t gap = 2;

struct fitted_column {
    std::size_t index; // in the table
    std::size_t columns;
};

std::vector<fitted_column> natural(const table& t) {
    std::vector<fitted_column> fitted;
    for (std::size_t c = 0; c < t.columns.size(); ++c) {
        auto widest = width_of(t.columns[c].title);
        for (auto& row : t.rows)
            widest = std::max(widest, width_of(visible(row[c].text)));
        fitted.push_back({c, widest});
    }
    return fitted;
}

std::size_t total(const std::vector<fitted_column>& fitted) {
    auto sum = fitted.empty() ? 0 : gap * (fitted.size() - 1);
    for (auto& f : fitted)
        sum += f.columns;
    return sum;
}

/// Takes one column of the widest that can still give one.
bool shrink(const table& t, std::vector<fitted_column>& fitted) {
    fitted_column* widest = nullptr;
    for (auto& f : fitted) {
        auto least = t.columns[f.index].least;
        if (least > 0 && f.columns > least && (!widest || f.columns > widest->columns))
            widest = &f;
    }
    if (widest)
        --widest->columns;
    return widest != nullptr;
}

bool drop(const table& t, std::vector<fitted_column>& fitted) {
    auto first = std::max_element(fitted.begin(), fitted.end(), [&](auto& a, auto& b) {
        return t.columns[a.index].dispensable < t.columns[b.index].dispensable;
    });
    if (first == fitted.end() || t.columns[first->index].dispensable == 0)
        return false;
    fitted.erase(first);
    return true;
}

std::vector<fitted_column> fit(const table& t, std::size_t width) {
    auto all = natural(t);
    for (;;) {
        auto fitted = all;
        while (width > 0 && total(fitted) > width && shrink(t, fitted)) {
        }
        if (width == 0 || total(fitted) <= width || !drop(t, all))
            return fitted; // what is left may still be wider; each line is clipped
    }
}

std::string line(const table& t, const std::vector<fitted_column>& fitted, const std::vector<table_cell>& cells,
                 bool colours, std::size_t width) {
    std::string out;
    std::size_t used = 0;
    for (std::size_t i = 0; i < fitted.size(); ++i) {
        auto& cell = cells[fitted[i].index];
        auto room = width > 0 ? std::min(fitted[i].columns, width > used ? width - used : 0) : fitted[i].columns;
        auto text = clipped(visible(cell.text), room);
        auto spaces = room - std::min(room, width_of(text));
        bool right = t.columns[fitted[i].index].figures;
        if (right)
            out.append(spaces, ' ');
        out += colours && !cell.style.empty() && !text.empty() ? "\x1b[" + cell.style + "m" + text + "\x1b[0m" : text;
        if (!right)
            out.append(spaces, ' ');
        used += room + gap;
        if (i + 1 < fitted.size() && (width == 0 || used < width))
            out.append(gap, ' ');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
}

} // namespace

std::string layout(const table& t, std::size_t width, bool colours) {
    auto fitted = fit(t, width);
    std::vector<table_cell> titles;
    for (auto& column : t.columns)
        titles.push_back({column.title, "2"});
    auto out = line(t, fitted, titles, colours, width);
    for (auto& row : t.rows)
        out += line(t, fitted, row, colours, width);
    return out;
}

} // namespace berth::cli
