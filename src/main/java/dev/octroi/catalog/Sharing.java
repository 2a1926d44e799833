package dev.octroi.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * That several subscriptions may spend one plan's volume.
 *
 * @param maxMembers how many, the owner's own among them; 2 to {@link #MAX_MEMBERS}
 * @param memberBytes volume that each one that joins brings, 0 to 1 PB; what is left of it goes when it leaves
 * @param memberPrice price of one that joins, in the plan's currency; null: nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sharing(
        int maxMembers, long memberBytes, @Nullable Money memberPrice) {
    /** Most subscriptions on one volume: they are read and decided together. */
    public static final int MAX_MEMBERS = 16;

    private static final long MAX_BYTES = 1_000_000_000_000_000L;

    public Sharing {
        if (maxMembers < 2 || maxMembers > MAX_MEMBERS) {
            throw new IllegalArgumentException("a volume is shared by 2 to 16 subscriptions");
        }
        if (memberBytes < 0 || memberBytes > MAX_BYTES) {
            throw new IllegalArgumentException("a member brings 0 to 1 PB");
        }
        if (memberPrice != null && memberPrice.amount().signum() < 0) {
            throw new IllegalArgumentException("a member's price is nothing or more");
        }
    }
}
