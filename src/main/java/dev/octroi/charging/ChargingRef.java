package dev.octroi.charging;

import dev.octroi.db.Ids;
import dev.octroi.quota.account.AccountKey;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * The ChargingDataRef of a session: account and number in one text, so that a message finds its account without a look-up.
 * It is no secret; whether the session exists and whose it is, the account knows.
 *
 * @param account whose session it is
 * @param number the session in it, on the account's virtual shard
 */
record ChargingRef(AccountKey account, long number) {
    private static final int BYTES = Integer.BYTES + 2 * Long.BYTES;
    private static final int LENGTH = 27;

    /** The text in a URL, 27 characters. */
    String text() {
        byte[] raw = ByteBuffer.allocate(BYTES)
                .putInt(account.tenantId())
                .putLong(account.accountId())
                .putLong(number)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    /** Reads a text; empty when it is none of ours. */
    static Optional<ChargingRef> of(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        byte[] raw;
        try {
            raw = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(raw);
        ChargingRef ref = new ChargingRef(new AccountKey(in.getInt(), in.getLong()), in.getLong());
        boolean sane = ref.account.tenantId() > 0
                && ref.account.accountId() > 0
                && ref.number > 0
                && Ids.shardOf(ref.number) == ref.account.vshard()
                && ref.text().equals(text);
        return sane ? Optional.of(ref) : Optional.empty();
    }
}
