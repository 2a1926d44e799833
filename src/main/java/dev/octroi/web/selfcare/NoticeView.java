package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.notice.Channel;
import java.util.Optional;

/**
 * How the traveller is told what happens.
 *
 * @param sends whether messages are sent from here at all; otherwise only the shop is told
 * @param channel the traveller's address
 */
record NoticeView(boolean sends, Optional<Channel> channel) {
    /** Only the shop is told. */
    static final NoticeView SHOP = new NoticeView(false, Optional.empty());

    NoticeView {
        requireNonNull(channel, "channel is null");
    }
}
