package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What came of asking the stock for profiles. */
public sealed interface StockTaking {
    /**
     * They are there, ready for download.
     *
     * @param profiles as many as were asked for
     */
    record Taken(List<Stocked> profiles) implements StockTaking {
        public Taken {
            profiles = List.copyOf(profiles);
        }
    }

    /** The stock has not so many of the type; none was taken. */
    record UsedUp() implements StockTaking {}

    /** The tenant has no such type, or it is retired. */
    record NotSold() implements StockTaking {}

    /**
     * A profile from stock.
     *
     * @param profileId its identifier, on a virtual shard of its own
     * @param identity what the network calls it
     */
    record Stocked(long profileId, ProfileSource.Identity identity) {
        public Stocked {
            requireNonNull(identity, "identity is null");
        }
    }
}
