package dev.octroi.quota.decide;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The volumes of {@link PlainModel}: pots of bytes, one after the other. */
public final class PlainVolumes {
    /** One pot; number 0 is the plan's. */
    static final class Pot {
        long size;
        long left;
        long late;
        Instant gone = Instant.MAX;
        int waitsForDays;
        boolean carried;

        Pot(long size) {
            this.size = size;
            this.left = size;
        }
    }

    private final ZoneId zone;
    private final long planBytes;
    private final int everyDays;
    private final long rolloverBytes;
    private final List<Pot> pots = new ArrayList<>();
    private Instant begun;
    private Instant window;
    private int windowsBefore;
    private Instant windowBefore;

    /** @param everyDays 0: the plan's volume is for the whole plan; 1: from midnight; 7: from its beginning on */
    public PlainVolumes(long planBytes, ZoneId zone, int everyDays, long rolloverBytes) {
        this.planBytes = planBytes;
        this.zone = zone;
        this.everyDays = everyDays;
        this.rolloverBytes = rolloverBytes;
        pots.add(new Pot(planBytes));
    }

    /** @param known when that was known: bought volume lasts its days from then on */
    void begin(Instant at, Instant known) {
        begun = at;
        window = at;
        for (Pot pot : pots) {
            if (pot.waitsForDays > 0) {
                pot.gone = known.atZone(zone).plusDays(pot.waitsForDays).toInstant();
            }
        }
    }

    /** What each pot held when it was filled, in the order in which they came. */
    public List<Long> sizes() {
        return pots.stream().map(pot -> pot.size).toList();
    }

    /** What is left in each pot, in the order in which they came. */
    public List<Long> lefts() {
        return pots.stream().map(pot -> pot.left).toList();
    }

    public long left() {
        return pots.stream().mapToLong(pot -> pot.left).sum();
    }

    long total() {
        return pots.stream().mapToLong(pot -> pot.size).sum();
    }

    void add(long bytes, int validDays, Instant now) {
        Pot pot = new Pot(bytes);
        if (begun == null) {
            pot.waitsForDays = validDays;
        } else if (validDays > 0) {
            pot.gone = now.atZone(zone).plusDays(validDays).toInstant();
        }
        pots.add(pot);
    }

    /** Whether a pot expired. */
    boolean expire(Instant now) {
        boolean expired = false;
        for (Pot pot : pots) {
            if (!now.isBefore(pot.gone) && pot.size > 0) {
                pot.late = pot.left;
                pot.left = 0;
                pot.size = 0;
                expired = true;
            }
        }
        return expired;
    }

    /** Whether the plan's volume came anew by a moment. */
    boolean renew(Instant now, Instant endsAt) {
        boolean renewed = false;
        while (everyDays > 0 && window != null && !now.isBefore(next()) && next().isBefore(endsAt)) {
            windowsBefore++;
            windowBefore = window;
            window = next();
            Pot plan = pots.getFirst();
            long carried = Math.min(plan.left, rolloverBytes);
            plan.late = plan.left - carried;
            plan.size = planBytes;
            plan.left = planBytes;
            Pot rollover = pots.stream().filter(pot -> pot.carried).findFirst().orElse(null);
            if (rollover == null && carried > 0) {
                rollover = new Pot(0);
                rollover.carried = true;
                pots.add(rollover);
            }
            if (rollover != null) {
                rollover.late = rollover.left;
                rollover.size = carried;
                rollover.left = carried;
            }
            renewed = true;
        }
        return renewed;
    }

    /** Whether a moment is of a window before the last one, of which nothing is remembered. Before the first there is none. */
    boolean isForgotten(Instant at) {
        return windowsBefore > 1 && at.isBefore(windowBefore);
    }

    /** Whether a moment is of a window that is over. */
    boolean isLate(Instant at) {
        return windowsBefore > 0 && at.isBefore(window);
    }

    private Instant next() {
        if (everyDays == 1) {
            return LocalDate.ofInstant(window, zone)
                    .plusDays(1)
                    .atStartOfDay(zone)
                    .toInstant();
        }
        int weeks = 1;
        while (!begun.atZone(zone).plusWeeks(weeks).toInstant().isAfter(window)) {
            weeks++;
        }
        return begun.atZone(zone).plusWeeks(weeks).toInstant();
    }

    /** Takes what it can of a record's bytes; how much that was. */
    long take(long bytes, Instant at, Instant endsAt) {
        boolean renews = everyDays > 0 && window != null;
        boolean late = isLate(at);
        boolean ofLast = late && !isForgotten(at);
        long rest = bytes;
        for (Pot pot : pots) {
            boolean windowed = pot == pots.getFirst() || pot.carried;
            if (windowed ? ofLast : pot.gone != Instant.MAX && at.isBefore(pot.gone)) {
                long part = Math.min(rest, pot.late);
                pot.late -= part;
                rest -= part;
            }
        }
        Instant nextWindow = renews && next().isBefore(endsAt) ? next() : Instant.MAX;
        List<Pot> order = new ArrayList<>(pots);
        order.sort((one, other) -> {
            Instant first = one == pots.getFirst() || one.carried ? nextWindow : one.gone;
            Instant second = other == pots.getFirst() || other.carried ? nextWindow : other.gone;
            int byEnd = first.compareTo(second);
            return byEnd != 0 ? byEnd : Boolean.compare(other.carried, one.carried);
        });
        for (Pot pot : order) {
            boolean open = !late || (ofLast && pot != pots.getFirst());
            long part = open ? Math.min(rest, pot.left) : 0;
            pot.left -= part;
            rest -= part;
        }
        return bytes - rest;
    }
}
