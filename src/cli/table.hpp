// Tables for people, fitted to the terminal: columns shrink first, then the least important ones go. Pure. No library
// in Debian does this with wide characters and dropped columns, or this would not be here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace berth::cli {

struct table_column {
    std::string title;
    bool figures = false;  // right-aligned
    std::size_t least = 0; // columns it may shrink to; 0: it does not shrink
    int dispensable = 0;   // the highest goes first; 0: never
};

struct table_cell {
    std::string text;  // of anybody: shown as visible() makes it
    std::string style; // SGR parameters, for example "32"; empty: none
};

struct table {
    std::vector<table_column> columns;
    std::vector<std::vector<table_cell>> rows; // each as long as columns
};

/// One line for the titles and one a row, each ended by a line feed. `width` 0: as wide as it needs to be.
std::string layout(const table&, std::size_t width, bool colours);

} // namespace berth::cli
