package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

/**
 * Where a traveller is told what happens.
 *
 * @param number of this address; a later one has another
 * @param address in clear, for nobody's log
 * @param state how far it is
 * @param wish what is told there
 */
public record Channel(long number, MailAddress address, ChannelState state, ChannelWish wish) {
    public Channel {
        requireNonNull(address, "address is null");
        requireNonNull(state, "state is null");
        requireNonNull(wish, "wish is null");
    }
}
