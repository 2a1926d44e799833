package dev.octroi.db;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many event loops a gateway has, and how many connections it opens at most. Each loop has connections of its own, so
 * their number would grow with the processors of the machine, beyond what a database takes: then the pools of the loops
 * that came first hold all of it, and what hashes to another loop is refused for as long as the load lasts.
 *
 * @param each connections for each role, as set by {@code database.poolSize}, 1 or more
 * @param loops event loops
 */
public record Connections(int each, int loops) {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    /** Two for each event loop: one statement of each kind is under way, and there are few kinds. */
    static final int KEYED = 2;

    private static final int LOOPS_FOR_EACH = 2;
    private static final int ROLES = 2;
    /** The one that hears announcements. */
    private static final int LISTENING = 1;
    /** For commands, migrations, and whoever looks. */
    private static final int OTHERS = 20;

    private static final int GATEWAYS_IN_AN_UPGRADE = 2;
    private static final int LEAST_OF_A_SERVER = 100;

    /**
     * One event loop for each processor, as more of them only hand work to each other, but no more than connections are
     * allowed for.
     *
     * @param each connections for each role, 1 or more
     * @param processors of the machine
     */
    public static Connections of(int each, int processors) {
        return new Connections(each, Math.max(1, Math.min(processors, LOOPS_FOR_EACH * each)));
    }

    /** All that a gateway opens at most, of all roles and loops. */
    public int most() {
        return loops * (ROLES * LoopPools.each(each, loops) + LoopPools.each(KEYED, loops)) + LISTENING;
    }

    /** What a server of one's own has to take: this gateway, the next one in an upgrade, and a few others. */
    public int ofOwnServer() {
        return Math.max(LEAST_OF_A_SERVER, GATEWAYS_IN_AN_UPGRADE * most() + OTHERS);
    }

    /**
     * Warns where the server has no room for two gateways: during an upgrade there are two.
     *
     * @param room connections that the server takes from others than superusers
     * @return whether there is room
     */
    public boolean fitInto(int room) {
        boolean fits = GATEWAYS_IN_AN_UPGRADE * most() <= room;
        if (!fits) {
            log.atWarn()
                    .addKeyValue("most", most())
                    .addKeyValue("room", room)
                    .log("the database takes too few connections for two gateways of this size: raise its"
                            + " max_connections or lower database.poolSize");
        }
        return fits;
    }
}
