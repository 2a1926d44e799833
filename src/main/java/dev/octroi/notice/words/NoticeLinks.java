package dev.octroi.notice.words;

import static java.util.Objects.requireNonNull;

/**
 * Where a notice leads.
 *
 * @param page the traveller's page
 * @param stop ends all notices
 */
public record NoticeLinks(String page, String stop) {
    public NoticeLinks {
        requireNonNull(page, "page is null");
        requireNonNull(stop, "stop is null");
    }
}
