package dev.octroi.quota.account;

import dev.octroi.secret.Sha256;
import java.util.HexFormat;

/** How people know a usage record: a feed may have put a subscriber's number into its own key, which is never shown. */
public final class RecordName {
    private static final int BYTES = 16;

    private RecordName() {}

    /**
     * The first 16 bytes of SHA-256 over feed, line feed and key, in hex. The evidence of a case names it the same in SQL.
     *
     * @param source the feed
     * @param key the record's identity within the feed
     */
    public static String of(String source, String key) {
        return HexFormat.of().formatHex(Sha256.of(source + "\n" + key), 0, BYTES);
    }
}
