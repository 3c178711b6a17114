/** The log panel is loaded on demand; the page's keys know its search box by this id without loading it. */
export const logSearchId = "log-search";
