package dev.octroi.quota.account;

import dev.octroi.db.Ids;

/**
 * Which account.
 *
 * @param tenantId the reseller, from a credential or from the database, never from a request body
 * @param accountId the account; its low bits carry the virtual shard
 */
public record AccountKey(int tenantId, long accountId) {
    /** The virtual shard, 0 to 255. */
    public short vshard() {
        return Ids.shardOf(accountId);
    }
}
