package dev.octroi.api.reseller;

import java.util.HashMap;
import java.util.Map;

/** How many streams may be open at once on this gateway, so that one tenant cannot take them all. Safe for use by several threads. */
final class StreamSlots {
    private final int max;
    private final int maxOfTenant;
    private final Map<Integer, Integer> taken = new HashMap<>();
    private int all;

    StreamSlots(int max, int maxOfTenant) {
        this.max = max;
        this.maxOfTenant = maxOfTenant;
    }

    /** Takes a slot, which is to be given back once; false where none is left. */
    synchronized boolean take(int tenantId) {
        int own = taken.getOrDefault(tenantId, 0);
        if (own >= maxOfTenant || all >= max) {
            return false;
        }
        taken.put(tenantId, own + 1);
        all++;
        return true;
    }

    synchronized void giveBack(int tenantId) {
        taken.computeIfPresent(tenantId, (tenant, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
