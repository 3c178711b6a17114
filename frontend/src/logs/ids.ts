/** The log panel is loaded on demand; the page's keys know its controls by these ids without loading it. */
export const logSearchId = "log-search";
export const logFollowId = "log-follow";
